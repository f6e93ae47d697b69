import { openDatabase } from '@lynode/runtime'
import {
  LynodeError,
  type ModelInterface,
  type Order,
  type RunResult,
  type TensorOutput,
} from '@lynode/sdk'
import { describe, expect, test } from 'vitest'
import { Budget } from './budget.js'
import { gatewayApp } from './gatewayApp.js'
import { readGatewayConfig } from './gatewayConfig.js'
import { createGatewayMetrics } from './gatewayMetrics.js'
import type { Market, Purchase } from './market.js'
import type { ServedModel } from './servedModel.js'
import { Slots } from './slots.js'

const modelId = `0x${'ab'.repeat(32)}` as const
const lyn = 10n ** 18n

const types = {
  f: ['float32', [2, 2]],
  d: ['float64', [1]],
  h: ['float16', [2]],
  i8: ['int8', [2]],
  u8: ['uint8', [2]],
  i32: ['int32', [1]],
  i64: ['int64', [2]],
  b: ['bool', [3]],
} as const

/** A model that gives back each of its inputs under the name `NAME_out`. */
const echo: ServedModel = {
  name: 'echo',
  version: '1',
  modelId,
  class: 'exact',
  maxPrice: 15n * lyn,
  interface: {
    modelId,
    inputs: side(''),
    outputs: side('_out'),
    proof: [],
  },
}

/** Takes one input alone, for requests that are about the form. */
const one: ServedModel = {
  ...echo,
  name: 'one',
  interface: {
    ...echo.interface,
    inputs: { f: side('')['f']! },
    outputs: { f_out: side('_out')['f_out']! },
  },
}

function side(suffix: string): ModelInterface['inputs'] {
  return Object.fromEntries(
    Object.entries(types).map(([name, [dtype, dims]], index) => [
      `${name}${suffix}`,
      { dtype, dims, index, entry: '0x' as const },
    ]),
  )
}

/** Gives the inputs back, and remembers what was bought. */
function echoMarket(
  more: Partial<Market> = {},
): Market & { bought: Purchase[] } {
  const bought: Purchase[] = []
  return {
    bought,
    providers: async () => 1,
    async buy(purchase) {
      bought.push(purchase)
      return resultOf(purchase)
    },
    ...more,
  }
}

function resultOf({ model, inputs, wait }: Purchase): RunResult {
  const outputs = Object.fromEntries(
    Object.entries(inputs).map(([name, { dims, data }]) => {
      const { dtype } = model.interface.inputs[name]!
      const constructors = {
        float32: Float32Array,
        float64: Float64Array,
        float16: Uint16Array,
        int8: Int8Array,
        uint8: Uint8Array,
        int32: Int32Array,
        int64: BigInt64Array,
        bool: Uint8Array,
      }
      const elements = new constructors[dtype](new Uint8Array(data).buffer)
      return [`${name}_out`, { dtype, dims, data: elements } as TensorOutput]
    }),
  )
  return {
    jobId: `0x${'01'.repeat(32)}`,
    order: {} as Order,
    modelId,
    class: 'exact',
    status: wait === 'final' ? 'settled' : 'delivered',
    providerId: 1,
    attempt: 0,
    price: 5n * lyn,
    resultRoot: `0x${'02'.repeat(32)}`,
    outputs,
    final: wait === 'final',
    finalAt: 1_000,
  }
}

function open(
  market: Market = echoMarket(),
  slots = new Slots(4, 4),
  models = new Map([
    ['echo', echo],
    ['one', one],
  ]),
) {
  return gatewayApp({
    models,
    market,
    slots,
    metrics: createGatewayMetrics({ spent: () => 3n, left: () => 97n }, slots),
    wait: 'delivered',
    maxBytes: 10_000,
    budgetSeconds: () => 42,
    version: '0.1.0',
  })
}

const f = { name: 'f', shape: [2, 2], datatype: 'FP32' }

/** One request about input `f` of the model `one`. */
async function infer(
  body: unknown,
  headers: Record<string, string> = {},
  market: Market = echoMarket(),
  query = '',
) {
  const response = await open(market).request(`/v2/models/one/infer${query}`, {
    method: 'POST',
    body:
      body instanceof Uint8Array
        ? new Uint8Array(body)
        : typeof body === 'string'
          ? body
          : JSON.stringify(body),
    headers,
  })
  return { status: response.status, json: await response.json() }
}

/** JSON followed by bytes, with the header that says where they begin. */
function binary(json: unknown, ...parts: Uint8Array[]) {
  const head = new TextEncoder().encode(JSON.stringify(json))
  return {
    body: new Uint8Array(Buffer.concat([head, ...parts])),
    headers: { 'Inference-Header-Content-Length': String(head.length) },
  }
}

const bytesOf = (values: number[]) =>
  new Uint8Array(Float32Array.from(values).buffer)

test('behavior: metrics of what was asked, paid and refused', async () => {
  const app = open()
  const request = (inputs: unknown[]) =>
    app.request('/v2/models/one/infer', {
      method: 'POST',
      body: JSON.stringify({ inputs }),
    })
  await request([{ ...f, data: [1, 2, 3, 4] }])
  await request([{ ...f, shape: [4], data: [1, 2, 3, 4] }])
  await app.request('/v2/models/none/infer', { method: 'POST', body: '{}' })
  const response = await app.request('/metrics')
  expect(response.headers.get('content-type')).toContain('text/plain')
  const lines = (await response.text()).split('\n')
  for (const line of [
    'lynode_gateway_requests_total{model="one",outcome="ok",role="gateway"} 1',
    'lynode_gateway_requests_total{model="one",outcome="LY-INP-003",role="gateway"} 1',
    'lynode_gateway_paid_wei_total{model="one",role="gateway"} 5000000000000000000',
    'lynode_gateway_market_seconds_count{role="gateway",model="one"} 1',
    'lynode_gateway_budget_wei{state="left",role="gateway"} 97',
    'lynode_gateway_requests_active{state="running",role="gateway"} 0',
  ])
    expect(lines).toContain(line)
  // A name that strangers choose makes no series.
  expect(lines.filter((line) => line.includes('none'))).toEqual([])
})

describe('health and metadata', () => {
  test('default: the server, its models, their tensors', async () => {
    const app = open()
    const get = async (path: string) => {
      const response = await app.request(path)
      return response.headers.get('content-type')?.includes('json')
        ? response.json()
        : response.status
    }
    expect(await get('/v2')).toEqual({
      name: 'lynode',
      version: '0.1.0',
      extensions: ['binary_tensor_data', 'parameters'],
    })
    expect(await get('/v2/health/live')).toBe(200)
    expect(await get('/v2/health/ready')).toBe(200)
    expect(await get('/v2/models/one/ready')).toBe(200)
    expect(await get('/v2/models/one/versions/1/ready')).toBe(200)
    expect(await get('/v2/models/one')).toEqual({
      name: 'one',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'f', datatype: 'FP32', shape: [2, 2] }],
      outputs: [{ name: 'f_out', datatype: 'FP32', shape: [2, 2] }],
      parameters: { model_id: modelId, class: 'exact' },
    })
  })

  test('error: models, versions and paths that are not there', async () => {
    const app = open()
    for (const path of [
      '/v2/models/none',
      '/v2/models/one/versions/2',
      '/v2/models/__proto__/ready',
    ]) {
      const response = await app.request(path)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({
        error: expect.stringContaining('no model of this name'),
        code: 'LY-GTW-006',
        remedy: expect.any(String),
        docs: 'docs/errors/LY-GTW-006.md',
      })
    }
    expect((await app.request('/v2/models/one/config')).status).toBe(404)
  })

  test('error: a market without providers takes no request', async () => {
    const market = echoMarket({ providers: async () => 0 })
    const app = open(market)
    expect((await app.request('/v2/health/live')).status).toBe(200)
    expect((await app.request('/v2/health/ready')).status).toBe(503)
    expect((await app.request('/v2/models/one/ready')).status).toBe(503)
    const { status, json } = await infer(
      { inputs: [{ ...f, data: [1, 2, 3, 4] }] },
      {},
      market,
    )
    expect(status).toBe(503)
    expect(json).toMatchObject({ code: 'LY-GTW-007' })
    expect(market.bought).toEqual([])
  })
})

describe('inference', () => {
  test('default: JSON in, JSON out', async () => {
    const { status, json } = await infer({
      id: 'a "quoted" id',
      inputs: [{ ...f, data: [1.5, -2, 0.1, 4] }],
    })
    expect(status).toBe(200)
    expect(json).toEqual({
      model_name: 'one',
      model_version: '1',
      id: 'a "quoted" id',
      parameters: {
        job_id: `0x${'01'.repeat(32)}`,
        class: 'exact',
        final: false,
        final_at: 1_000,
        provider: 1,
        price_wei: '5000000000000000000',
      },
      outputs: [
        {
          name: 'f_out',
          shape: [2, 2],
          datatype: 'FP32',
          data: [1.5, -2, Math.fround(0.1), 4],
        },
      ],
    })
  })

  test('default: binary in, binary out', async () => {
    const bytes = bytesOf([1, Number.NaN, Number.POSITIVE_INFINITY, -0])
    const { body, headers } = binary(
      {
        parameters: { binary_data_output: true },
        inputs: [{ ...f, parameters: { binary_data_size: 16 } }],
      },
      bytes,
    )
    const response = await open().request('/v2/models/one/infer', {
      method: 'POST',
      body,
      headers,
    })
    expect(response.status).toBe(200)
    const length = Number(
      response.headers.get('inference-header-content-length'),
    )
    const answer = new Uint8Array(await response.arrayBuffer())
    const json = JSON.parse(
      new TextDecoder().decode(answer.subarray(0, length)),
    )
    expect(json.outputs).toEqual([
      {
        name: 'f_out',
        shape: [2, 2],
        datatype: 'FP32',
        parameters: { binary_data_size: 16 },
      },
    ])
    expect(answer.subarray(length)).toEqual(bytes)
  })

  test('behavior: every datatype, in JSON and in binary, bit for bit', async () => {
    const values: Record<string, unknown[]> = {
      f: [1.5, -2, 3, 4],
      d: [0.1],
      i8: [-128, 127],
      u8: [0, 255],
      i32: [-(2 ** 31)],
      i64: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
      b: [true, false, true],
    }
    const names: Record<string, string> = {
      f: 'FP32',
      d: 'FP64',
      h: 'FP16',
      i8: 'INT8',
      u8: 'UINT8',
      i32: 'INT32',
      i64: 'INT64',
      b: 'BOOL',
    }
    const half = new Uint8Array(Uint16Array.of(0x3c00, 0x7e01).buffer)
    const { body, headers } = binary(
      {
        inputs: Object.entries(types).map(([name, [, shape]]) => ({
          name,
          shape,
          datatype: names[name],
          ...(name === 'h'
            ? { parameters: { binary_data_size: 4 } }
            : { data: values[name] }),
        })),
        outputs: Object.keys(types).map((name) => ({ name: `${name}_out` })),
      },
      half,
    )
    const response = await open().request('/v2/models/echo/infer', {
      method: 'POST',
      body,
      headers,
    })
    expect(response.status).toBe(200)
    const length = Number(
      response.headers.get('inference-header-content-length'),
    )
    const answer = new Uint8Array(await response.arrayBuffer())
    const json = JSON.parse(
      new TextDecoder().decode(answer.subarray(0, length)),
    ) as { outputs: { name: string; data?: unknown; parameters?: unknown }[] }
    for (const { name, data, parameters } of json.outputs) {
      if (name === 'h_out') expect(parameters).toEqual({ binary_data_size: 4 })
      else expect(data).toEqual(values[name.replace('_out', '')])
    }
    // Half precision has no JSON, so it travels as bytes, asked for or not.
    expect(answer.subarray(length)).toEqual(half)
  })

  test('behavior: 64-bit integers keep their digits in JSON answers', async () => {
    const bytes = new Uint8Array(BigInt64Array.of(2n ** 62n + 1n, -1n).buffer)
    const market = echoMarket()
    const i64 = {
      ...one,
      name: 'one',
      interface: {
        ...one.interface,
        inputs: { i64: side('')['i64']! },
        outputs: { i64_out: side('_out')['i64_out']! },
      },
    }
    const app = open(market, new Slots(1, 1), new Map([['one', i64]]))
    const { body, headers } = binary(
      {
        inputs: [
          {
            name: 'i64',
            shape: [2],
            datatype: 'INT64',
            parameters: { binary_data_size: 16 },
          },
        ],
      },
      bytes,
    )
    const response = await app.request('/v2/models/one/infer', {
      method: 'POST',
      body,
      headers,
    })
    expect(await response.text()).toContain('"data":[4611686018427387905,-1]')
  })

  test('behavior: numbers that JSON does not have are null', async () => {
    const { body, headers } = binary(
      { inputs: [{ ...f, parameters: { binary_data_size: 16 } }] },
      bytesOf([Number.NaN, Number.NEGATIVE_INFINITY, -0, 1e-7]),
    )
    const { json } = await infer(body, headers)
    const [output] = (json as { outputs: { data: number[] }[] }).outputs
    expect(output?.data).toEqual([null, null, -0, Math.fround(1e-7)])
  })

  test('behavior: wait and max_price by parameter and by query', async () => {
    const market = echoMarket()
    const body = { inputs: [{ ...f, data: [1, 2, 3, 4] }] }
    await infer(body, {}, market)
    await infer(
      { ...body, parameters: { wait: 'final', max_price: '2LYN' } },
      {},
      market,
    )
    const { json } = await infer(body, {}, market, '?wait=final&max_price=7LYN')
    expect(json).toMatchObject({ parameters: { final: true } })
    expect(
      market.bought.map(({ wait, maxPrice }) => [wait, maxPrice / lyn]),
    ).toEqual([
      ['delivered', 15n],
      ['final', 2n],
      ['final', 7n],
    ])
  })
})

describe('error: hostile and broken requests buy nothing', () => {
  const good = { ...f, data: [1, 2, 3, 4] }
  const bin = (size: unknown) => ({
    inputs: [{ ...f, parameters: { binary_data_size: size } }],
  })
  const sixteen = new Uint8Array(16)

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'LY-GTW-004'],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe), 'LY-GTW-004'],
    ['no inputs', {}, 'LY-GTW-004'],
    ['an empty list', { inputs: [] }, 'LY-INP-004'],
    [
      'a shape that is none',
      { inputs: [{ ...good, shape: [2, -2] }] },
      'LY-GTW-004',
    ],
    [
      'a shape of fractions',
      { inputs: [{ ...good, shape: [1.5] }] },
      'LY-GTW-004',
    ],
    [
      'a huge shape',
      { inputs: [{ ...good, shape: [2 ** 31, 2 ** 31] }] },
      'LY-INP-003',
    ],
    [
      'many axes',
      { inputs: [{ ...good, shape: Array(17).fill(1) }] },
      'LY-GTW-004',
    ],
    ['another shape', { inputs: [{ ...good, shape: [4] }] }, 'LY-INP-003'],
    ['BYTES', { inputs: [{ ...good, datatype: 'BYTES' }] }, 'LY-GTW-005'],
    ['UINT16', { inputs: [{ ...good, datatype: 'UINT16' }] }, 'LY-GTW-005'],
    [
      'a datatype that is none',
      { inputs: [{ ...good, datatype: 'toString' }] },
      'LY-GTW-005',
    ],
    [
      'another datatype',
      { inputs: [{ ...good, datatype: 'INT32' }] },
      'LY-INP-002',
    ],
    ['FP16 as JSON', { inputs: [{ ...good, datatype: 'FP16' }] }, 'LY-INP-002'],
    ['too few elements', { inputs: [{ ...good, data: [1] }] }, 'LY-INP-003'],
    [
      'too many elements',
      { inputs: [{ ...good, data: [1, 2, 3, 4, 5] }] },
      'LY-INP-003',
    ],
    [
      'elements nested too deep',
      { inputs: [{ ...good, data: [[[1, 2]], [[3, 4]]] }] },
      'LY-INP-003',
    ],
    [
      'text',
      { inputs: [{ ...good, data: ['1', '2', '3', '4'] }] },
      'LY-INP-002',
    ],
    ['null', { inputs: [{ ...good, data: [null, 2, 3, 4] }] }, 'LY-INP-002'],
    [
      'a number above FP32',
      { inputs: [{ ...good, data: [1e39, 2, 3, 4] }] },
      'LY-INP-002',
    ],
    ['no data', { inputs: [f] }, 'LY-GTW-004'],
    ['an input twice', { inputs: [good, good] }, 'LY-GTW-004'],
    [
      'an unknown input',
      { inputs: [good, { ...good, name: 'g' }] },
      'LY-INP-004',
    ],
    [
      'an input called __proto__',
      { inputs: [good, { ...good, name: '__proto__' }] },
      'LY-INP-004',
    ],
    [
      'an unknown output',
      { inputs: [good], outputs: [{ name: 'g' }] },
      'LY-GTW-004',
    ],
    [
      'shared memory',
      { inputs: [{ ...good, parameters: { shared_memory_region: 'x' } }] },
      'LY-GTW-004',
    ],
    [
      'classification',
      {
        inputs: [good],
        outputs: [{ name: 'f_out', parameters: { classification: 3 } }],
      },
      'LY-GTW-004',
    ],
    [
      'an unknown wait',
      { inputs: [good], parameters: { wait: 'never' } },
      'LY-GTW-004',
    ],
    [
      'a price without a unit',
      { inputs: [good], parameters: { max_price: 5 } },
      'LY-AMT-001',
    ],
    [
      'a price above the most',
      { inputs: [good], parameters: { max_price: '16LYN' } },
      'LY-GTW-001',
    ],
  ])('%s', async (_, body, code) => {
    const market = echoMarket()
    const { status, json } = await infer(body, {}, market)
    expect(json).toMatchObject({ code, error: expect.any(String) })
    expect(status).toBe(code === 'LY-GTW-001' ? 402 : 400)
    expect(market.bought).toEqual([])
  })

  test.each<[string, unknown, Uint8Array[], string?]>([
    ['fewer bytes than the shape', bin(8), [new Uint8Array(8)], 'LY-INP-003'],
    ['more bytes than the shape', bin(20), [new Uint8Array(20)], 'LY-INP-003'],
    ['a body that ends early', bin(16), [new Uint8Array(15)]],
    ['a body that goes on', bin(16), [new Uint8Array(17)]],
    ['a negative size', bin(-16), [sixteen]],
    ['a size that is no number', bin('16'), [sixteen]],
    ['a size of fractions', bin(16.5), [sixteen]],
    ['a huge size', bin(2 ** 53), [sixteen]],
    [
      'data and binary data',
      { inputs: [{ ...good, parameters: { binary_data_size: 16 } }] },
      [sixteen],
    ],
    ['bytes of no input', { inputs: [good] }, [sixteen]],
  ])('binary: %s', async (_, json, parts, code = 'LY-GTW-004') => {
    const market = echoMarket()
    const { body, headers } = binary(json, ...parts)
    const answer = await infer(body, headers, market)
    expect(answer).toMatchObject({ status: 400, json: { code } })
    expect(market.bought).toEqual([])
  })

  test.each(['-1', '0', '1e3', '99999999999', '4096', ' 5', ''])(
    'a header length of "%s"',
    async (length) => {
      const { body } = binary(bin(16), sixteen)
      const answer = await infer(body, {
        'Inference-Header-Content-Length': length,
      })
      expect(answer).toMatchObject({
        status: 400,
        json: { code: 'LY-GTW-004' },
      })
    },
  )

  test('a bool byte that is neither 0 nor 1', async () => {
    const { body, headers } = binary(
      {
        inputs: [
          {
            name: 'b',
            shape: [3],
            datatype: 'BOOL',
            parameters: { binary_data_size: 3 },
          },
        ],
      },
      Uint8Array.of(0, 1, 2),
    )
    const response = await open().request('/v2/models/echo/infer', {
      method: 'POST',
      body,
      headers,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'LY-INP-002' })
  })

  test('a body above the limit, and one that is compressed', async () => {
    const large = await infer({
      inputs: [{ ...good, pad: 'x'.repeat(20_000) }],
    })
    expect(large).toMatchObject({ status: 413, json: { code: 'LY-GTW-009' } })
    const packed = await infer(
      { inputs: [good] },
      { 'content-encoding': 'gzip' },
    )
    expect(packed).toMatchObject({ status: 415, json: { code: 'LY-GTW-010' } })
  })
})

describe('money and load', () => {
  const body = JSON.stringify({ inputs: [{ ...f, data: [1, 2, 3, 4] }] })

  test('behavior: a full line refuses at once, and nobody in it is lost', async () => {
    let release = () => undefined as undefined
    const gate = new Promise<void>((resolve) => {
      release = () => {
        resolve()
        return undefined
      }
    })
    let atOnce = 0
    let most = 0
    const market = echoMarket({
      async buy(purchase) {
        atOnce++
        most = Math.max(most, atOnce)
        await gate
        atOnce--
        return resultOf(purchase)
      },
    })
    const app = open(market, new Slots(2, 3))
    const send = () =>
      app.request('/v2/models/one/infer', { method: 'POST', body })
    let refusals = 0
    const requests = Array.from({ length: 8 }, async () => {
      const answer = await send()
      refusals += Number(answer.status === 503)
      return answer
    })
    // While the others wait.
    await expect.poll(() => refusals).toBe(3)
    release()
    const answers = await Promise.all(requests)
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200, 200, 200, 200, 200, 503, 503, 503,
    ])
    const refused = answers.find(({ status }) => status === 503)
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect(await refused?.json()).toMatchObject({ code: 'LY-GTW-003' })
    expect(most).toBe(2)
    expect((await send()).status).toBe(200)
  })

  test('behavior: who leaves the line buys nothing', async () => {
    const slots = new Slots(1, 2)
    const never = new AbortController()
    let release = () => undefined as undefined
    const first = slots.run(
      () =>
        new Promise<number>((resolve) => {
          release = () => {
            resolve(1)
            return undefined
          }
        }),
      never.signal,
    )
    const leaving = new AbortController()
    const second = slots.run(async () => 2, leaving.signal)
    const third = slots.run(async () => 3, never.signal)
    leaving.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    release()
    expect(await first).toBe(1)
    expect(await third).toBe(3)
    expect([slots.running, slots.waiting]).toEqual([0, 0])
    await expect(slots.run(async () => 4, leaving.signal)).rejects.toThrow()
  })

  test('error: the market says no, in the terms of the protocol', async () => {
    for (const [code, status, retry] of [
      ['LY-JOB-001', 503, '10'],
      ['LY-JOB-002', 502, null],
      ['LY-GTW-002', 429, '42'],
      ['LY-TX-001', 503, '5'],
    ] as const) {
      const market = echoMarket({
        buy: () => Promise.reject(new LynodeError(code)),
      })
      const response = await open(market).request('/v2/models/one/infer', {
        method: 'POST',
        body,
      })
      expect(response.status).toBe(status)
      expect(response.headers.get('retry-after')).toBe(retry)
      expect(await response.json()).toMatchObject({ code })
    }
  })

  test('behavior: the budget counts what is reserved until it is settled', () => {
    let now = 1_000_000
    const database = openDatabase(':memory:', 'test')
    const budget = new Budget(database, 100n, () => now)
    budget.reserve('0x1', 60n)
    expect(() => budget.reserve('0x2', 50n)).toThrow(/LY-GTW-002/)
    budget.settle('0x1', 10n)
    budget.reserve('0x2', 50n)
    expect(budget.left()).toBe(40n)
    budget.settle('0x2', 0n)
    expect(budget.left()).toBe(90n)
    expect(budget.secondsToNext()).toBe(3_600)
    // After a restart it knows what the hour has cost.
    expect(new Budget(database, 100n, () => now).left()).toBe(90n)
    now += 3_600_000
    expect(budget.left()).toBe(100n)
    expect(budget.secondsToNext()).toBe(0)
  })
})

describe('configuration', () => {
  test('default: options alone', () => {
    expect(readGatewayConfig(undefined, { models: [`m=${modelId}`] })).toEqual({
      host: '127.0.0.1',
      port: 8_000,
      wait: 'delivered',
      'max-price': 15n * lyn,
      'budget-per-hour': 500n * lyn,
      concurrency: 8,
      queue: 256,
      'max-bytes': 64 * 2 ** 20,
      models: [{ name: 'm', id: modelId, version: '1', maxPrice: 15n * lyn }],
    })
  })

  test.each<[Parameters<typeof readGatewayConfig>[1], RegExp]>([
    [{}, /no model/],
    [{ models: ['m'] }, /not name=id/],
    [{ models: [`a/b=${modelId}`] }, /models\.a\/b/],
    [{ models: [`m=${modelId}`], budget: '5' }, /budget-per-hour/],
    [{ models: [`m=${modelId}`], wait: 'soon' }, /wait/],
  ])('error: %o', (overrides, message) => {
    expect(() => readGatewayConfig(undefined, overrides)).toThrow(message)
  })
})
