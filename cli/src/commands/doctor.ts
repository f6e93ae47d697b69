import { Command, Option } from '@commander-js/extra-typings'
import { askPassword, loadConfig } from '@lynode/runtime'
import { withAddressBook } from '@lynode/sdk'
import pc from 'picocolors'
import { createPublicClient, http } from 'viem'
import { z } from 'zod'
import { accountChecks } from '../doctor/accountChecks.js'
import { chainChecks } from '../doctor/chainChecks.js'
import { type Check, type Finding, runCheck } from '../doctor/finding.js'
import { machineChecks } from '../doctor/machineChecks.js'
import { storageChecks } from '../doctor/storageChecks.js'
import { lynodeChain } from '../network/connect.js'
import { findConfig } from '../options/findConfig.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const colours = { pass: pc.green, warn: pc.yellow, fail: pc.red }

const doctorDocument = document(
  'doctor',
  1,
  z.object({
    role: z.enum(['provider', 'verifier']),
    passed: z.int(),
    warned: z.int(),
    failed: z.int(),
    findings: z.array(
      z.object({
        check: z.string(),
        level: z.enum(['pass', 'warn', 'fail']),
        code: z.string().optional(),
        message: z.string(),
        remedy: z.string().optional(),
      }),
    ),
  }),
)

/** `lynode doctor`: all that a daemon needs, before it costs stake. */
export function doctorCommand() {
  return new Command('doctor')
    .description('check machine, chain, key, stake and data of a daemon')
    .option('--config <file>', 'configuration of the daemon')
    .addOption(
      new Option('--role <role>', 'what the configuration is of')
        .choices(['provider', 'verifier'] as const)
        .default('provider' as const),
    )
    .option('--password-stdin', 'read the password of the keystore from stdin')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit status: 0 all is well, 1 something fails, 2 there are warnings.\n\nExamples:\n  lynode doctor --config provider.toml\n  lynode doctor --config verifier.toml --role verifier --json',
    )
    .action(async (options) => {
      const { role } = options
      const config = loadConfig(findConfig(options.config, role))
      const client = createPublicClient({
        chain: lynodeChain(config.addressBook.chainId, config.rpc),
        transport: http(config.rpc, {
          batch: true,
          retryCount: 1,
          timeout: 10_000,
        }),
      }).extend(withAddressBook(config.addressBook))
      const ask = askPassword({ stdin: options.passwordStdin === true })
      const checks: Check[] = [
        ...machineChecks(config),
        ...chainChecks(config, client),
        ...accountChecks(role, config, client, ask),
        ...storageChecks(config),
      ]
      const findings: Finding[] = []
      for (const check of checks) {
        const found = await runCheck(check)
        findings.push(...found)
        if (!options.json) for (const one of found) print(one)
      }
      const count = (level: Finding['level']) =>
        findings.filter((one) => one.level === level).length
      const [passed, warned, failed] = [
        count('pass'),
        count('warn'),
        count('fail'),
      ]
      process.exitCode = failed > 0 ? 1 : warned > 0 ? 2 : 0
      printResult(
        doctorDocument,
        { role, passed, warned, failed, findings },
        options,
        () => `${passed} passed, ${warned} warned, ${failed} failed`,
      )
    })
}

function print({ check, level, code, message, remedy }: Finding): void {
  const mark = colours[level](level)
  process.stdout.write(
    `${mark} ${check.padEnd(10)} ${code === undefined ? '' : `${code} `}${message}\n`,
  )
  if (remedy !== undefined) process.stdout.write(`     ${pc.dim(remedy)}\n`)
}
