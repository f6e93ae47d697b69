import { type Dtype, dtypes, LynodeError } from '@lynode/sdk'

/** Names of the Open Inference Protocol for the element types of a manifest. */
const names = {
  FP32: dtypes.float32,
  UINT8: dtypes.uint8,
  INT8: dtypes.int8,
  INT32: dtypes.int32,
  INT64: dtypes.int64,
  BOOL: dtypes.bool,
  FP16: dtypes.float16,
  FP64: dtypes.float64,
} as const satisfies Record<string, Dtype>

/** Datatypes of the protocol that no model of the market has. */
const others = ['BYTES', 'BF16', 'INT16', 'UINT16', 'UINT32', 'UINT64']

/** The protocol's name of an element type. */
export function datatypeOf(dtype: Dtype): string {
  for (const [name, code] of Object.entries(names))
    if (code === dtype) return name
  throw new RangeError(`${dtype} is no element type`)
}

/** The element type of a datatype. @throws LynodeError `LY-GTW-005` */
export function dtypeOf(tensor: string, datatype: unknown): Dtype {
  if (typeof datatype === 'string' && Object.hasOwn(names, datatype))
    return names[datatype as keyof typeof names]
  throw new LynodeError('LY-GTW-005', {
    details: others.includes(String(datatype))
      ? `${tensor} is ${String(datatype)}, which no model of the market takes`
      : `${tensor}: "${String(datatype).slice(0, 40)}" is no datatype; they are ${Object.keys(names).join(', ')}`,
  })
}
