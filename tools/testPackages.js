#!/usr/bin/env node
// Packs every published package, checks what was packed, installs it in empty
// projects and uses it there: Node, Foundry, Hardhat. What others publish comes
// from the registry or npm's cache.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { root, run } from './run.js'

const { values } = parseArgs({
  options: {
    /** Packs and checks, installs nothing. */
    quick: { type: 'boolean' },
    /** Keeps the projects and says where they are. */
    keep: { type: 'boolean' },
  },
})

/** Published packages, by folder; those of Solidity have no entry for Node. */
const packages = [
  'sdk',
  'runtime',
  'node',
  'verifier',
  'cli',
  'ethers',
  'contracts',
]

/** Outside of our lock, so that only this test installs it. */
const hardhat = ['hardhat@2.26.3']

const work = mkdtempSync(join(tmpdir(), 'lynode-packages-'))
try {
  const tarballs = new Map(packages.map((folder) => [folder, pack(folder)]))
  for (const [folder, { path, files }] of tarballs) {
    checkFiles(folder, files)
    if (folder === 'contracts') continue
    await lint(folder, path)
    await types(path)
  }
  if (!values.quick) {
    const tarball = (/** @type {string} */ folder) =>
      tarballs.get(folder)?.path ?? ''
    useSdkAlone(tarball('sdk'))
    useAll([...tarballs.values()].map(({ path }) => path))
    await useInFoundry(tarball('contracts'))
    useInHardhat(tarball('contracts'))
  }
  console.log(
    values.quick ? 'All packages pack well.' : 'All packages install and work.',
  )
} finally {
  if (values.keep) console.log(`Kept: ${work}`)
  else rmSync(work, { recursive: true, force: true })
}

/** @param {string} folder */
function pack(folder) {
  const output = execute(
    'npm',
    ['pack', '--json', '--pack-destination', work],
    join(root, folder),
    'inherit',
  )
  // What a prepack script prints stands before the document.
  const [packed] = JSON.parse(output.slice(output.indexOf('[\n')))
  console.log(
    `${packed.name} ${packed.version}: ${packed.files.length} files, ${packed.size} bytes`,
  )
  return {
    path: join(work, packed.filename),
    files: /** @type {string[]} */ (
      packed.files.map((/** @type {{ path: string }} */ file) => file.path)
    ),
  }
}

/**
 * @param {string} folder
 * @param {readonly string[]} files
 */
function checkFiles(folder, files) {
  const wrong = files.filter((file) =>
    /\.test\.|\.tsbuildinfo$|\.fixture\.|^(src|test)\//.test(file),
  )
  if (wrong.length > 0)
    throw new Error(`${folder} would publish ${wrong.slice(0, 5).join(', ')}`)
}

/**
 * @param {string} folder
 * @param {string} path
 */
async function lint(folder, path) {
  const content = readFileSync(path)
  const { messages, pkg } = await publint({
    strict: true,
    pack: {
      tarball: content.buffer.slice(
        content.byteOffset,
        content.byteOffset + content.byteLength,
      ),
    },
  })
  const problems = messages.filter(({ type }) => type !== 'suggestion')
  for (const message of problems)
    console.error(`${folder}: ${formatMessage(message, pkg)}`)
  if (problems.length > 0) throw new Error(`publint on ${folder}`)
}

/** Every entry's types, as an ES module. @param {string} path */
async function types(path) {
  await run('attw', [path, '--profile', 'esm-only', '--format', 'ascii', '-q'])
}

/** @param {string} tarball */
function useSdkAlone(tarball) {
  const folder = project('sdk')
  install(folder, [tarball, 'viem@2.57.20'])
  const source = `import { parseAmount } from '@lynode/sdk'; console.log(parseAmount('1LYN'))`
  execute('node', ['--input-type=module', '-e', source], folder)
}

/** @param {readonly string[]} tarballs */
function useAll(tarballs) {
  const folder = project('node')
  cpSync(join(root, 'test/packages/node'), folder, { recursive: true })
  install(folder, [
    ...tarballs,
    ...['viem@2.57.20', 'ethers@6.16.0'],
    ...['typescript@5.9.3', '@types/node@20.19.43'],
  ])
  const bin = (/** @type {string} */ name) =>
    join(folder, 'node_modules/.bin', name)
  execute(bin('tsc'), ['-p', '.'], folder)
  execute('node', ['dist/use.js'], folder)
  const help = execute(bin('lynode'), ['--help'], folder)
  if (!help.includes('devnet')) throw new Error('lynode --help has no devnet')
  const schema = JSON.parse(execute(bin('lynode'), ['schema', 'run'], folder))
  if (schema.title !== 'lynode.run/1') throw new Error('lynode schema run')
}

/** @param {string} tarball */
async function useInFoundry(tarball) {
  const folder = project('foundry')
  cpSync(join(root, 'test/packages/foundry'), folder, { recursive: true })
  install(folder, [tarball])
  await run('forge.js', ['forge', 'build', '--root', folder], {
    FOUNDRY_SOLC: join(root, 'tools/solc.js'),
  })
}

/** @param {string} tarball */
function useInHardhat(tarball) {
  const folder = project('hardhat')
  cpSync(join(root, 'test/packages/hardhat'), folder, { recursive: true })
  mkdirSync(join(folder, 'contracts'))
  cpSync(
    join(root, 'test/packages/foundry/src/Reader.sol'),
    join(folder, 'contracts/Reader.sol'),
  )
  install(folder, [tarball, 'solc@0.8.30', ...hardhat])
  execute(
    join(folder, 'node_modules/.bin/hardhat'),
    ['--config', 'hardhat.config.cjs', 'compile'],
    folder,
  )
  readFileSync(
    join(folder, 'artifacts/contracts/Reader.sol/Reader.json'),
    'utf8',
  )
}

/** An empty project. @param {string} name */
function project(name) {
  const folder = join(work, name)
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: `lynode-consumer-${name}`,
      private: true,
      ...(name !== 'hardhat' && { type: 'module' }),
    }),
  )
  return folder
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 */
function install(folder, names) {
  console.log(`\n== ${folder.slice(work.length + 1)} ==`)
  execute(
    'npm',
    [
      ...['install', '--no-audit', '--no-fund', '--prefer-offline'],
      // No install script of anybody is needed.
      ...['--ignore-scripts', '--loglevel', 'error', ...names],
    ],
    folder,
  )
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {'inherit' | 'pipe'} [stderr]
 */
function execute(program, args, cwd, stderr = 'pipe') {
  const child = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', stderr],
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
      HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
    },
  })
  if (child.status === 0) return child.stdout
  throw new Error(
    `${program} ${args.join(' ')}: ${child.error?.message ?? ''}\n${child.stdout}\n${child.stderr ?? ''}`,
  )
}
