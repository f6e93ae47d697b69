/**
 * Cases whose expected output is no result that an honest machine can have, with
 * the reason. They are run and judged like all others, but not counted as passed.
 */
export const explained: Readonly<Record<string, string>> = {
  'node/test_averagepool_2d_ceil_last_window_starts_on_pad':
    'the standard writes four digits, to be compared within its tolerance of 1e-3',
  'node/test_batchnorm_epsilon':
    'the standard rounds (x - mean) / sqrt(variance + epsilon) scale + bias step by step, the canonical model is x a + b with a and b folded',
  'node/test_batchnorm_example':
    'the standard rounds (x - mean) / sqrt(variance + epsilon) scale + bias step by step, the canonical model is x a + b with a and b folded',
  'node/test_flexattention_fp16_expanded_ver26':
    'the standard rounds each result to float16, the canonical model computes in float32 and rounds its outputs',
}
