import { checkerOf } from '../operators/index.js'
import type { OperatorForm } from '../operators/operator.js'
import { dtypes } from '../types/tensorType.js'

/**
 * Verification class of one node: an operator with a tolerance has none on
 * integers, where arithmetic wraps exactly (C4).
 */
export function formClass(form: OperatorForm): 'exact' | 'float' {
  if (form.class !== undefined) return form.class
  const floating = form.outputs.some(({ dtype }) => dtype === dtypes.float32)
  return checkerOf(form.opcode)?.class === 'float' && floating
    ? 'float'
    : 'exact'
}
