import { Command } from '@commander-js/extra-typings'
import { blobServeCommand } from './commands/blobServe.js'
import { datasetBuildCommand } from './commands/datasetBuild.js'
import { devnetCommand } from './commands/devnet.js'
import { jobsShowCommand } from './commands/jobsShow.js'
import { modelCheckCommand } from './commands/modelCheck.js'
import { modelPublishCommand } from './commands/modelPublish.js'
import { runCommand } from './commands/run.js'
import { trainCommand } from './commands/train.js'

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
  lynode.addCommand(trainCommand())
  const dataset = new Command('dataset').description(
    'make datasets to train on',
  )
  dataset.addCommand(datasetBuildCommand())
  lynode.addCommand(dataset)
  const jobs = new Command('jobs').description('look at jobs')
  jobs.addCommand(jobsShowCommand())
  lynode.addCommand(jobs)
  const blob = new Command('blob').description('keep and serve bytes')
  blob.addCommand(blobServeCommand())
  lynode.addCommand(blob)
  return lynode
}
