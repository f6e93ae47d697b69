import { Command } from '@commander-js/extra-typings'
import { bidCloseCommand } from './commands/bidClose.js'
import { bidCommitCommand } from './commands/bidCommit.js'
import { bidOpenCommand } from './commands/bidOpen.js'
import { bidRevealCommand } from './commands/bidReveal.js'
import { bidShowCommand } from './commands/bidShow.js'
import { bidWinCommand } from './commands/bidWin.js'
import { blobServeCommand } from './commands/blobServe.js'
import { cancelCommand } from './commands/cancel.js'
import { claimCommand } from './commands/claim.js'
import { completionCommand } from './commands/completion.js'
import { datasetBuildCommand } from './commands/datasetBuild.js'
import { delegateCommand } from './commands/delegate.js'
import { devnetCommand } from './commands/devnet.js'
import { gatewayCommand } from './commands/gateway.js'
import { govDelegateCommand } from './commands/govDelegate.js'
import { govLsCommand } from './commands/govLs.js'
import { govMoveCommand } from './commands/govMove.js'
import { govProposeCommand } from './commands/govPropose.js'
import { govPublishCommand } from './commands/govPublish.js'
import { govShowCommand } from './commands/govShow.js'
import { govTreasuryCommand } from './commands/govTreasury.js'
import { govVoteCommand } from './commands/govVote.js'
import { jobsLsCommand } from './commands/jobsLs.js'
import { jobsShowCommand } from './commands/jobsShow.js'
import { jobsSkippedCommand } from './commands/jobsSkipped.js'
import { modelCheckCommand } from './commands/modelCheck.js'
import { modelPublishCommand } from './commands/modelPublish.js'
import { modelTypesCommand } from './commands/modelTypes.js'
import { offerCancelCommand } from './commands/offerCancel.js'
import { offerLsCommand } from './commands/offerLs.js'
import { offerPostCommand } from './commands/offerPost.js'
import { offerSignCommand } from './commands/offerSign.js'
import { orderPostCommand } from './commands/orderPost.js'
import { orderShowCommand } from './commands/orderShow.js'
import { orderSignCommand } from './commands/orderSign.js'
import { rewardsCommand } from './commands/rewards.js'
import { runCommand } from './commands/run.js'
import { schemaCommand } from './commands/schema.js'
import { srsImportCommand } from './commands/srsImport.js'
import { stakeCommand } from './commands/stake.js'
import { stakeShowCommand } from './commands/stakeShow.js'
import { trainCommand } from './commands/train.js'
import { trainVerifyCommand } from './commands/trainVerify.js'
import { undelegateCommand } from './commands/undelegate.js'
import { unstakeCommand } from './commands/unstake.js'
import { workerCommand } from './commands/worker.js'

/**
 * The `lynode` command with all its subcommands. Each of them has `--json` with
 * a document that it declares (`document('jobs show', 1, ...)`, printed by
 * `printResult`), an example under `addHelpText('after', '\nExamples: ...')`, and
 * if it sends transactions `withWriteOptions` and `sendWrite`: a test walks them.
 */
export function program(): Command {
  const lynode = new Command('lynode')
    .description('A market for machine-learning compute that anyone can check')
    .configureHelp({ sortSubcommands: false })
    // `stake` has options and a subcommand: those behind `show` are of `show`.
    .enablePositionalOptions()
  lynode.addCommand(devnetCommand())
  const model = new Command('model').description('check and publish models')
  model.addCommand(modelCheckCommand())
  model.addCommand(modelPublishCommand())
  model.addCommand(modelTypesCommand())
  lynode.addCommand(model)
  lynode.addCommand(runCommand())
  lynode.addCommand(gatewayCommand())
  const order = new Command('order').description('sign and send orders')
  order.addCommand(orderSignCommand())
  order.addCommand(orderPostCommand())
  order.addCommand(orderShowCommand())
  lynode.addCommand(order)
  const offer = new Command('offer').description('offers of providers')
  offer.addCommand(offerLsCommand())
  offer.addCommand(offerSignCommand())
  offer.addCommand(offerPostCommand())
  offer.addCommand(offerCancelCommand())
  lynode.addCommand(offer)
  const bid = new Command('bid').description('sealed auctions')
  bid.addCommand(bidOpenCommand())
  bid.addCommand(bidShowCommand())
  bid.addCommand(bidCommitCommand())
  bid.addCommand(bidRevealCommand())
  bid.addCommand(bidWinCommand())
  bid.addCommand(bidCloseCommand())
  lynode.addCommand(bid)
  const train = trainCommand()
  train.addCommand(trainVerifyCommand())
  lynode.addCommand(train)
  const dataset = new Command('dataset').description(
    'make datasets to train on',
  )
  dataset.addCommand(datasetBuildCommand())
  lynode.addCommand(dataset)
  const jobs = new Command('jobs').description('look at jobs')
  jobs.addCommand(jobsLsCommand())
  jobs.addCommand(jobsShowCommand())
  jobs.addCommand(jobsSkippedCommand())
  lynode.addCommand(jobs)
  const gov = new Command('gov').description('propose, vote and execute')
  gov.addCommand(govLsCommand())
  gov.addCommand(govShowCommand())
  gov.addCommand(govProposeCommand())
  gov.addCommand(govVoteCommand())
  gov.addCommand(govMoveCommand('queue'))
  gov.addCommand(govMoveCommand('execute'))
  gov.addCommand(govMoveCommand('cancel'))
  gov.addCommand(govPublishCommand())
  gov.addCommand(govDelegateCommand())
  gov.addCommand(govTreasuryCommand())
  lynode.addCommand(gov)
  const stake = stakeCommand().enablePositionalOptions()
  stake.addCommand(stakeShowCommand())
  lynode.addCommand(stake)
  lynode.addCommand(unstakeCommand())
  lynode.addCommand(delegateCommand())
  lynode.addCommand(undelegateCommand())
  lynode.addCommand(rewardsCommand())
  lynode.addCommand(claimCommand())
  lynode.addCommand(cancelCommand())
  const blob = new Command('blob').description('keep and serve bytes')
  blob.addCommand(blobServeCommand())
  lynode.addCommand(blob)
  const srs = new Command('srs').description(
    'structured reference strings of the zk class',
  )
  srs.addCommand(srsImportCommand())
  lynode.addCommand(srs)
  lynode.addCommand(workerCommand())
  lynode.addCommand(schemaCommand())
  lynode.addCommand(completionCommand())
  return lynode
}
