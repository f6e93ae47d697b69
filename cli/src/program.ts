import { Command } from '@commander-js/extra-typings'
import { benchCommand } from './commands/bench.js'
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
import { configCheckCommand } from './commands/configCheck.js'
import { configShowCommand } from './commands/configShow.js'
import { daemonStartCommand } from './commands/daemonStart.js'
import { datasetBuildCommand } from './commands/datasetBuild.js'
import { delegateCommand } from './commands/delegate.js'
import { devnetCommand } from './commands/devnet.js'
import { doctorCommand } from './commands/doctor.js'
import { gatewayCommand } from './commands/gateway.js'
import { govDelegateCommand } from './commands/govDelegate.js'
import { govLsCommand } from './commands/govLs.js'
import { govMoveCommand } from './commands/govMove.js'
import { govProposeCommand } from './commands/govPropose.js'
import { govPublishCommand } from './commands/govPublish.js'
import { govShowCommand } from './commands/govShow.js'
import { govTreasuryCommand } from './commands/govTreasury.js'
import { govVoteCommand } from './commands/govVote.js'
import { initCommand } from './commands/init.js'
import { jobsLsCommand } from './commands/jobsLs.js'
import { jobsShowCommand } from './commands/jobsShow.js'
import { jobsSkippedCommand } from './commands/jobsSkipped.js'
import { keysImportCommand } from './commands/keysImport.js'
import { keysLsCommand } from './commands/keysLs.js'
import { keysNewCommand } from './commands/keysNew.js'
import { modelCheckCommand } from './commands/modelCheck.js'
import { modelEstimateCommand } from './commands/modelEstimate.js'
import { modelPublishCommand } from './commands/modelPublish.js'
import { modelTypesCommand } from './commands/modelTypes.js'
import { nodeDrainCommand } from './commands/nodeDrain.js'
import { nodeRegisterCommand } from './commands/nodeRegister.js'
import { offerCancelCommand } from './commands/offerCancel.js'
import { offerLsCommand } from './commands/offerLs.js'
import { offerPostCommand } from './commands/offerPost.js'
import { offerSignCommand } from './commands/offerSign.js'
import { orderPostCommand } from './commands/orderPost.js'
import { orderShowCommand } from './commands/orderShow.js'
import { orderSignCommand } from './commands/orderSign.js'
import { poolCommissionCommand } from './commands/poolCommission.js'
import { poolOpenCommand } from './commands/poolOpen.js'
import { rewardsCommand } from './commands/rewards.js'
import { runCommand } from './commands/run.js'
import { schemaCommand } from './commands/schema.js'
import { srsImportCommand } from './commands/srsImport.js'
import { stakeCommand } from './commands/stake.js'
import { stakeShowCommand } from './commands/stakeShow.js'
import { statusCommand } from './commands/status.js'
import { traceVerifyCommand } from './commands/traceVerify.js'
import { trainCommand } from './commands/train.js'
import { trainVerifyCommand } from './commands/trainVerify.js'
import { txLsCommand } from './commands/txLs.js'
import { txReplaceCommand } from './commands/txReplace.js'
import { undelegateCommand } from './commands/undelegate.js'
import { unjailCommand } from './commands/unjail.js'
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
  lynode.addCommand(initCommand())
  lynode.addCommand(doctorCommand())
  lynode.addCommand(statusCommand())
  lynode.addCommand(benchCommand())
  const config = new Command('config').description('look at configurations')
  config.addCommand(configShowCommand())
  config.addCommand(configCheckCommand())
  lynode.addCommand(config)
  const keys = new Command('keys').description('keystores of hot keys')
  keys.addCommand(keysNewCommand())
  keys.addCommand(keysImportCommand())
  keys.addCommand(keysLsCommand())
  lynode.addCommand(keys)
  const node = new Command('node').description('run a provider')
  node.addCommand(daemonStartCommand('provider'))
  node.addCommand(nodeDrainCommand('provider'))
  node.addCommand(nodeRegisterCommand('provider'))
  lynode.addCommand(node)
  const verifier = new Command('verifier').description('run a verifier')
  verifier.addCommand(daemonStartCommand('verifier'))
  verifier.addCommand(nodeDrainCommand('verifier'))
  verifier.addCommand(nodeRegisterCommand('verifier'))
  lynode.addCommand(verifier)
  const tx = new Command('tx').description('transactions of a daemon')
  tx.addCommand(txLsCommand())
  tx.addCommand(txReplaceCommand('bump'))
  tx.addCommand(txReplaceCommand('cancel'))
  lynode.addCommand(tx)
  const model = new Command('model').description('check and publish models')
  model.addCommand(modelCheckCommand())
  model.addCommand(modelEstimateCommand())
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
  // `--json` behind `verify` is its own.
  const train = trainCommand().enablePositionalOptions()
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
  const trace = new Command('trace').description('check what was computed')
  trace.addCommand(traceVerifyCommand())
  lynode.addCommand(trace)
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
  lynode.addCommand(unjailCommand())
  const pool = new Command('pool').description('delegation pools of yours')
  pool.addCommand(poolOpenCommand())
  pool.addCommand(poolCommissionCommand())
  lynode.addCommand(pool)
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
