/** Just enough protobuf to write ONNX models for tests. */
export type TinyModel = {
  inputs: { name: string; dtype: number; dims: number[] }[]
  outputs: { name: string; dtype: number; dims: number[] }[]
  initializers?: { name: string; values: bigint[] }[]
  nodes: { operator: string; inputs: string[]; outputs: string[] }[]
}

/** Encodes a model of opset 17; initialisers are int64 vectors. */
export function tinyModel(model: TinyModel): Uint8Array {
  const graph = [
    ...model.nodes.map((node) =>
      bytes(1, [
        ...node.inputs.map((name) => text(1, name)),
        ...node.outputs.map((name) => text(2, name)),
        text(4, node.operator),
      ]),
    ),
    text(2, 'tiny'),
    ...(model.initializers ?? []).map(({ name, values }) =>
      bytes(5, [
        number(1, values.length),
        number(2, 7),
        bytes(7, values.map(varint)),
        text(8, name),
      ]),
    ),
    ...model.inputs.map((value) => valueInfo(11, value)),
    ...model.outputs.map((value) => valueInfo(12, value)),
  ]
  return new Uint8Array(
    Buffer.concat([
      number(1, 8),
      bytes(7, graph),
      bytes(8, [text(1, ''), number(2, 17)]),
    ]),
  )
}

function valueInfo(
  field: number,
  value: { name: string; dtype: number; dims: number[] },
): Uint8Array {
  const shape = bytes(
    2,
    value.dims.map((dim) => bytes(1, [number(1, dim)])),
  )
  return bytes(field, [
    text(1, value.name),
    bytes(2, [bytes(1, [number(1, value.dtype), shape])]),
  ])
}

function number(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, [Buffer.from(value)])
}

function bytes(field: number, parts: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body])
}

function varint(value: number | bigint): Uint8Array {
  const octets: number[] = []
  let rest = BigInt(value)
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    octets.push(rest > 0n ? low | 0x80 : low)
  } while (rest > 0n)
  return Uint8Array.from(octets)
}
