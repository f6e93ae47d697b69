export { commandsOf } from './commandsOf.js'
export { main } from './main.js'
export { documents, parseDocument } from './output/document.js'
export { program } from './program.js'
