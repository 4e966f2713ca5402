// The three commonest words of each file. The files are counted side by side.
const { count } = require('./wordmill.node')

Promise.all(process.argv.slice(2).map(count)).then(
  texts => texts.forEach(text => process.stdout.write(text)),
  error => {
    console.error(error.message)
    process.exitCode = 1
  })
