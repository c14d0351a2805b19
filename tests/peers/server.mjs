// node server.mjs SYSTEM PORT FOLDER: says READY once it listens.

const [system, port, folder] = process.argv.slice(2)
const { serve } = await import(`./${system}.mjs`)
await serve(Number(port), folder)
console.log('READY')
