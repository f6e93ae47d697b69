#!/usr/bin/env node
// Adds to package-lock.json the native packages of other platforms that npm
// left out because the registry in use does not carry them: `npm ci` of npm 11
// refuses a lockfile without them. Run it after each `npm install`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
/** @type {Record<string, string>} */
const processors = { amd64: 'x64' }
/** @type {Record<string, string>} */
const libraries = { gnu: 'glibc', musl: 'musl' }

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(
    parent.optionalDependencies ?? {},
  ))
    lock.packages[`node_modules/${name}`] ??= platformPackage(
      name,
      version,
      parent.dev,
    )
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
)
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)

/**
 * @param {string} name - Such as `@biomejs/cli-linux-x64-musl`.
 * @param {string} version
 * @param {boolean | undefined} dev
 */
function platformPackage(name, version, dev) {
  const words = (name.split('/').at(-1) ?? '').split('-')
  const at = words.findIndex((word) => systems.includes(word))
  const cpu = words[at + 1]
  if (at < 0 || cpu === undefined)
    throw new Error(`${name} names no platform: add it to the lockfile by hand`)
  const library = libraries[words[at + 2] ?? '']
  return {
    version,
    cpu: [processors[cpu] ?? cpu],
    ...(dev && { dev }),
    ...(library && { libc: [library] }),
    optional: true,
    os: [words[at]],
  }
}
