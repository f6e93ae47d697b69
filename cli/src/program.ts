import { Command } from '@commander-js/extra-typings'
import { blobServeCommand } from './commands/blobServe.js'
import { devnetCommand } from './commands/devnet.js'
import { govDelegateCommand } from './commands/govDelegate.js'
import { govLsCommand } from './commands/govLs.js'
import { govMoveCommand } from './commands/govMove.js'
import { govProposeCommand } from './commands/govPropose.js'
import { govPublishCommand } from './commands/govPublish.js'
import { govShowCommand } from './commands/govShow.js'
import { govTreasuryCommand } from './commands/govTreasury.js'
import { govVoteCommand } from './commands/govVote.js'
import { jobsShowCommand } from './commands/jobsShow.js'
import { modelCheckCommand } from './commands/modelCheck.js'
import { modelPublishCommand } from './commands/modelPublish.js'
import { runCommand } from './commands/run.js'

/** The `lynode` command with all its subcommands. */
export function program(): Command {
  const lynode = new Command('lynode')
    .description('A market for machine-learning compute that anyone can check')
    .configureHelp({ sortSubcommands: false })
  lynode.addCommand(devnetCommand())
  const model = new Command('model').description('check and publish models')
  model.addCommand(modelCheckCommand())
  model.addCommand(modelPublishCommand())
  lynode.addCommand(model)
  lynode.addCommand(runCommand())
  const jobs = new Command('jobs').description('look at jobs')
  jobs.addCommand(jobsShowCommand())
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
  const blob = new Command('blob').description('keep and serve bytes')
  blob.addCommand(blobServeCommand())
  lynode.addCommand(blob)
  return lynode
}
