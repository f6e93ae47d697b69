export { startCheat } from './cheats/startCheat.js'
export { announceRun } from './demo/announceRun.js'
export { collectReport } from './demo/collectReport.js'
export { miniLmFile } from './models/miniLm.js'
export { decodeText } from './ocr/decodeText.js'
export {
  type OcrModelName,
  ocrDictionary,
  ocrModelFile,
  ocrModels,
} from './ocr/ocrModel.js'
export { readPicture } from './ocr/readPicture.js'
export { digits } from './training/digits.js'
export { trainingModels } from './training/models.js'
export { trainingStepOf } from './training/trainingStepOf.js'
