import { Command } from '@commander-js/extra-typings'
import { blobServeCommand } from './commands/blobServe.js'
import { claimCommand } from './commands/claim.js'
import { delegateCommand } from './commands/delegate.js'
import { devnetCommand } from './commands/devnet.js'
import { jobsShowCommand } from './commands/jobsShow.js'
import { modelCheckCommand } from './commands/modelCheck.js'
import { modelPublishCommand } from './commands/modelPublish.js'
import { rewardsCommand } from './commands/rewards.js'
import { runCommand } from './commands/run.js'
import { stakeCommand } from './commands/stake.js'
import { stakeShowCommand } from './commands/stakeShow.js'
import { undelegateCommand } from './commands/undelegate.js'
import { unstakeCommand } from './commands/unstake.js'

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
  const stake = stakeCommand()
  stake.addCommand(stakeShowCommand())
  lynode.addCommand(stake)
  lynode.addCommand(unstakeCommand())
  lynode.addCommand(delegateCommand())
  lynode.addCommand(undelegateCommand())
  lynode.addCommand(rewardsCommand())
  lynode.addCommand(claimCommand())
  const blob = new Command('blob').description('keep and serve bytes')
  blob.addCommand(blobServeCommand())
  lynode.addCommand(blob)
  return lynode
}
