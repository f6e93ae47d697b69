import {
  dtypes,
  LynodeError,
  parseAmount,
  type RunResult,
  toLynodeError,
} from '@lynode/sdk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { datatypeOf } from './datatypes.js'
import { errorResponse } from './gatewayErrors.js'
import type { GatewayMetrics } from './gatewayMetrics.js'
import { type InferRequest, readInferRequest } from './inferRequest.js'
import { requestedOutputs, writeInferResponse } from './inferResponse.js'
import type { Market } from './market.js'
import type { ServedModel, Wait } from './servedModel.js'
import type { Slots } from './slots.js'

export type GatewayOptions = {
  models: ReadonlyMap<string, ServedModel>
  market: Market
  slots: Slots
  /** What a request gets that says nothing itself. */
  wait: Wait
  /** Largest body of a request. */
  maxBytes: number
  /** Seconds until spent budget is free again. */
  budgetSeconds: () => number
  version: string
  metrics: GatewayMetrics
  log?: ((entry: Record<string, unknown>) => void) | undefined
}

/**
 * The Open Inference Protocol, version 2, over HTTP: health, metadata and
 * inference, in JSON and with the binary tensor extension. Every request is one
 * job on the market.
 */
export function gatewayApp(options: GatewayOptions): Hono {
  const { models, market, metrics, version } = options
  const app = new Hono()
  const named = (context: Context) =>
    modelOf(models, context.req.param('model'), context.req.param('version'))

  app.get('/v2', (context) =>
    context.json({
      name: 'lynode',
      version,
      extensions: ['binary_tensor_data', 'parameters'],
    }),
  )
  app.get('/metrics', async (context) =>
    context.text(await metrics.text(), 200, {
      'content-type': metrics.registry.contentType,
    }),
  )
  app.get('/v2/health/live', (context) => context.body(null, 200))
  app.get('/v2/health/ready', async (context) => {
    await requireProvider(market)
    return context.body(null, 200)
  })
  for (const path of [
    '/v2/models/:model',
    '/v2/models/:model/versions/:version',
  ]) {
    app.get(path, (context) => context.json(metadataOf(named(context))))
    app.get(`${path}/ready`, async (context) => {
      named(context)
      await requireProvider(market)
      return context.body(null, 200)
    })
    app.post(
      `${path}/infer`,
      bodyLimit({
        maxSize: options.maxBytes,
        onError: () => {
          throw new LynodeError('LY-GTW-009', {
            details: `a request has at most ${options.maxBytes} bytes`,
          })
        },
      }),
      async (context) => {
        const model = named(context)
        const count = (outcome: string) =>
          metrics.requests.inc({ model: model.name, outcome })
        try {
          const response = await infer(context, model, options)
          count('ok')
          return response
        } catch (error) {
          count(toLynodeError(error).code)
          throw error
        }
      },
    )
  }
  app.notFound((context) =>
    errorResponse(
      context,
      new LynodeError('LY-HTTP-404', {
        details: `${context.req.method} ${context.req.path}`,
        remedy: 'See docs/gateway.md for the calls.',
      }),
    ),
  )
  app.onError((error, context) => {
    options.log?.({ path: context.req.path, error: error.message })
    const code = error instanceof LynodeError ? error.code : undefined
    return errorResponse(
      context,
      error,
      code === 'LY-GTW-002' ? options.budgetSeconds() : undefined,
    )
  })
  return app
}

async function infer(
  context: Context,
  model: ServedModel,
  options: GatewayOptions,
): Promise<Response> {
  const encoding = context.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    throw new LynodeError('LY-GTW-010', { details: encoding.slice(0, 80) })
  const request = readInferRequest(
    new Uint8Array(await context.req.arrayBuffer()),
    context.req.header('inference-header-content-length'),
  )
  const outputs = requestedOutputs(
    request,
    Object.keys(model.interface.outputs),
  )
  const { wait, maxPrice } = termsOf(context, request, model, options.wait)
  requireInputs(request, model)
  await requireProvider(options.market)
  let buyMs = 0
  // Who leaves before its turn pays nothing; an order that was sent is followed.
  const result = await options.slots.run(async () => {
    const start = performance.now()
    const { inputs } = request
    const bought = await options.market.buy({ model, inputs, maxPrice, wait })
    buyMs = performance.now() - start
    options.metrics.marketSeconds.observe({ model: model.name }, buyMs / 1_000)
    options.metrics.paid.inc({ model: model.name }, Number(bought.price))
    return bought
  }, context.req.raw.signal)
  options.log?.(logOf(model, result, buyMs))
  const { body, headers } = writeInferResponse(
    model,
    request.id,
    outputs,
    result,
  )
  return context.body(body, 200, {
    ...headers,
    'server-timing': `market;dur=${buyMs.toFixed(3)}`,
  })
}

/** `wait` and `max_price`, of the request's parameters or of its query. */
function termsOf(
  context: Context,
  { parameters }: InferRequest,
  model: ServedModel,
  otherwise: Wait,
): { wait: Wait; maxPrice: bigint } {
  const given = (name: string) => parameters[name] ?? context.req.query(name)
  const wait = given('wait') ?? otherwise
  if (wait !== 'delivered' && wait !== 'final')
    throw new LynodeError('LY-GTW-004', {
      details: 'wait is neither "delivered" nor "final"',
    })
  const price = given('max_price')
  const maxPrice = price === undefined ? model.maxPrice : amountOf(price)
  if (maxPrice > model.maxPrice)
    throw new LynodeError('LY-GTW-001', {
      details: `${String(price)} for ${model.name}`,
    })
  return { wait, maxPrice }
}

function amountOf(text: string | number | boolean): bigint {
  return parseAmount(String(text))
}

/** The inputs fit the model; asked before a place in the line is taken. */
function requireInputs({ inputs }: InferRequest, model: ServedModel): void {
  const wanted = model.interface.inputs
  for (const name of Object.keys(inputs))
    if (!Object.hasOwn(wanted, name))
      throw new LynodeError('LY-INP-004', {
        details: `there is no input ${JSON.stringify(name.slice(0, 80))}; the model's inputs are ${Object.keys(wanted).join(', ')}`,
      })
  for (const [name, { dtype, dims }] of Object.entries(wanted)) {
    const input = inputs[name]
    if (input === undefined)
      throw new LynodeError('LY-INP-004', { details: `${name} is missing` })
    if (input.dtype !== dtypes[dtype])
      throw new LynodeError('LY-INP-002', {
        details: `${name} is ${datatypeOf(input.dtype)}, the model wants ${datatypeOf(dtypes[dtype])}`,
      })
    if (input.dims.join() !== dims.join())
      throw new LynodeError('LY-INP-003', {
        details: `${name} has shape [${input.dims.join(', ')}], the model wants [${dims.join(', ')}]`,
      })
  }
}

async function requireProvider(market: Market): Promise<void> {
  if ((await market.providers()) === 0) throw new LynodeError('LY-GTW-007')
}

function modelOf(
  models: ReadonlyMap<string, ServedModel>,
  name: string | undefined,
  version: string | undefined,
): ServedModel {
  const model = models.get(name ?? '')
  if (model !== undefined && (version ?? model.version) === model.version)
    return model
  throw new LynodeError('LY-GTW-006', {
    details: `${JSON.stringify((name ?? '').slice(0, 80))}${version === undefined ? '' : ` in version ${version.slice(0, 20)}`}; the gateway has ${[...models.keys()].join(', ')}`,
  })
}

function metadataOf(model: ServedModel) {
  const side = (values: ServedModel['interface']['inputs']) =>
    Object.entries(values).map(([name, { dtype, dims }]) => ({
      name,
      datatype: datatypeOf(dtypes[dtype]),
      shape: dims,
    }))
  return {
    name: model.name,
    versions: [model.version],
    platform: 'onnx_onnxv1',
    inputs: side(model.interface.inputs),
    outputs: side(model.interface.outputs),
    parameters: { model_id: model.modelId, class: model.class },
  }
}

function logOf(model: ServedModel, result: RunResult, buyMs: number) {
  return {
    model: model.name,
    job: result.jobId,
    provider: result.providerId,
    priceWei: result.price.toString(),
    final: result.final,
    buyMs: Math.round(buyMs),
  }
}
