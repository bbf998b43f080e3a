// A reverse proxy in front of a tap: where Screentrail gives no reply, the endpoint itself is asked.
//
//   node fallback.mjs http://127.0.0.1:8080/flows/loan http://127.0.0.1:3000/
//
// What Screentrail answers is passed on, whatever it is: also its 502, as the endpoint was asked then. If it is killed in the middle of a
// request, the endpoint may get that request a second time.
import http from 'node:http'

const [tap, endpoint] = process.argv.slice(2)

/** Rejects when there is no whole reply. */
const ask = (url, { method, headers }, body) =>
  new Promise((resolve, reject) => {
    const { host, 'transfer-encoding': _, ...passed } = headers
    // A connection of its own: one that is kept open could be closed in the moment in which it is used again.
    const options = { method, headers: { ...passed, connection: 'close', 'content-length': body.length }, agent: false }
    const request = http.request(url, options, async (response) => {
      try {
        const { statusCode, headers } = response
        resolve({ status: statusCode, headers, body: await bodyOf(response) })
      } catch (error) {
        reject(error)
      }
    })
    request.on('error', reject).end(body)
  })

async function bodyOf(message) {
  const chunks = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const server = http.createServer(async (request, response) => {
  try {
    const body = await bodyOf(request)
    const reply = await ask(tap, request, body).catch(() => ask(endpoint, request, body))
    const { connection, 'transfer-encoding': _, ...headers } = reply.headers
    response.writeHead(reply.status, { ...headers, 'content-length': reply.body.length }).end(reply.body)
  } catch {
    response.writeHead(502).end()
  }
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
