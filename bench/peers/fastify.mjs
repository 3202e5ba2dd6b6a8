// The operation endpoint on Fastify with ajv: it checks credentials, validates by operationName, changes the state and queues a notification.
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import fastify from "fastify";

const [port, agents] = process.argv.slice(2).map(Number);
const contract = JSON.parse(readFileSync(new URL("../../dist/openapi-3.1.json", import.meta.url)));
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(contract, "contract");
const mapping = contract.components.schemas.CallOperation.discriminator.mapping;
const validators = Object.fromEntries(
  Object.entries(mapping).map(([name, pointer]) => [name, ajv.compile({ $ref: `contract${pointer}` })]),
);
const digest = (text) => createHash("sha256").update(text).digest();

const becomes = { Hold: ["Established", "Held"], Retrieve: ["Held", "Established"] };
const seats = new Map();
for (let index = 0; index < agents; index += 1) {
  const number = String(20000 + index);
  seats.set(number, { number, password: digest(number), state: "Established", queue: [] });
}

function admitted(header) {
  if (!header?.startsWith("Basic ")) return undefined;
  const [login, password] = Buffer.from(header.slice(6), "base64").toString().split(":");
  const seat = seats.get(login);
  return seat && timingSafeEqual(digest(password), seat.password) ? seat : undefined;
}

function notification(seat, id) {
  const base = "http://127.0.0.1/api/v2";
  return {
    channel: "/v2/me/calls",
    data: {
      messageType: "CallStateChangeMessage",
      notificationType: "StatusChange",
      phoneNumber: seat.number,
      call: {
        id, state: seat.state, callUuid: id, connId: "0071027198180001", deviceUri: `${base}/devices/${id}`,
        participants: [{ e164Number: "", formattedPhoneNumber: "1", phoneNumber: "1", digits: "1" }],
        dnis: "1", callType: "Internal", capabilities: ["Hangup", "Hold", "InitiateConference", "InitiateTransfer", "SendDtmf"],
        duration: "0", mute: "Off", supervisorListeningIn: false, monitoredUserMuted: false,
        uri: `${base}/me/calls/${id}`, path: `/calls/${id}`, monitoring: false, recordingState: "Stopped",
      },
    },
  };
}

const server = fastify();
server.post("/api/v2/me/calls/:id", (request, reply) => {
  const seat = admitted(request.headers.authorization);
  if (!seat) return reply.code(403).send({ statusCode: 20, statusMessage: "Access denied" });
  const body = request.body;
  const validate = validators[body?.operationName];
  if (!validate?.(body)) return reply.code(400).send({ statusCode: 10, statusMessage: "Bad value" });
  const [from, to] = becomes[body.operationName] ?? [];
  if (seat.state !== from) return reply.code(400).send({ statusCode: 2, statusMessage: "Not possible now" });
  seat.state = to;
  seat.queue.push(JSON.stringify(notification(seat, request.params.id)));
  if (seat.queue.length > 1000) seat.queue.splice(0, 500);
  return reply.send({ statusCode: 0 });
});
await server.listen({ port, host: "127.0.0.1" });
