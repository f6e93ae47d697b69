import { existsSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { type DaemonConfig, loadConfig } from '@lynode/runtime'
import { z } from 'zod'
import { findConfig } from '../options/findConfig.js'
import { withDaemonOptions } from '../options/withDaemonOptions.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const configCheckDocument = document(
  'config check',
  1,
  z.object({
    file: z.string(),
    role: z.enum(['provider', 'verifier']),
    chainId: z.int(),
    /** What is allowed and seldom meant. */
    warnings: z.array(z.string()),
  }),
)

/** `lynode config check`: whether a daemon would take its configuration. */
export function configCheckCommand() {
  return withDaemonOptions(
    new Command('check').description(
      'check a configuration, with every mistake at once; nothing is started',
    ),
  )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\n`lynode doctor` asks the machine and the chain as well.\n\nExamples:\n  lynode config check\n  lynode config check --config /etc/lynode/provider.toml --json',
    )
    .action((options) => {
      const { role } = options
      const file = findConfig(options.config, role)
      const config = loadConfig(file)
      const { chainId } = config.addressBook
      printResult(
        configCheckDocument,
        { file, role, chainId, warnings: warningsOf(role, config) },
        options,
        (result) =>
          [
            ...result.warnings.map((warning) => `warning: ${warning}`),
            `${result.file} is well, for chain ${result.chainId}.`,
          ].join('\n'),
      )
    })
}

function warningsOf(
  role: 'provider' | 'verifier',
  config: DaemonConfig,
): string[] {
  const { keyFile, keystore, web3signer, passwordFile } = config
  const files = { keyFile, keystore, passwordFile }
  const fromEnvironment = !keyFile && !keystore && !web3signer
  return [
    ...Object.entries(files).flatMap(([name, path]) =>
      path === undefined || existsSync(path)
        ? []
        : [`\`${name}\` names ${path}, which is not there`],
    ),
    ...(fromEnvironment
      ? [
          `the hot key comes from the environment (\`${config.keyEnv}\`): that is for development`,
        ]
      : []),
    ...(isLoopback(config.monitorHost)
      ? []
      : ['`monitorHost` is no loopback: strangers may read `/status`']),
    ...(role === 'provider' && isLoopback(config.host)
      ? ['`host` is loopback: nobody else can fetch outputs or traces']
      : []),
    ...(role === 'provider' &&
    config.minPrice === 0n &&
    config.pricePerSecond === 0n
      ? ['`minPrice` and `pricePerSecond` are 0: jobs do not pay for their gas']
      : []),
  ]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
