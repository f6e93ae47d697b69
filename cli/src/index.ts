export { main } from './main.js'
export { parseDocument } from './output/document.js'
