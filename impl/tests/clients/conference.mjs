// Plays the two-step conference on three seats with the official CometD client and plain HTTP, and prints what everybody was told.
// usage: node conference.mjs http://127.0.0.1:8080
import { adapt } from "cometd-nodejs-client";

adapt();
const { CometD } = await import("cometd");

const base = `${process.argv[2]}/api/v2`;
const patience = setTimeout(() => {
  console.error("nothing more came; heard so far:", JSON.stringify(seats.map((seat) => seat.heard), null, 1));
  process.exit(1);
}, 20000);

class Seat {
  constructor(number) {
    this.number = number;
    this.heard = [];
    this.waiting = [];
    this.headers = {
      Authorization: `Basic ${Buffer.from(`${number}:${number}`).toString("base64")}`,
    };
    this.cometd = new CometD();
    this.cometd.unregisterTransport("websocket");
    this.cometd.unregisterTransport("callback-polling");
    this.cometd.configure({ url: `${base}/notifications`, requestHeaders: this.headers, logLevel: "warn" });
  }

  async connect() {
    await new Promise((resolve, reject) => {
      this.cometd.handshake((reply) => (reply.successful ? resolve() : reject(new Error(JSON.stringify(reply)))));
    });
    await new Promise((resolve, reject) => {
      this.cometd.subscribe(
        "/v2/me/calls",
        (message) => this.hear(message.data),
        (reply) => (reply.successful ? resolve() : reject(new Error(JSON.stringify(reply)))),
      );
    });
  }

  hear(data) {
    this.heard.push(data);
    this.waiting = this.waiting.filter(({ matches, resolve }) => !(matches(data) && (resolve(data.call), true)));
  }

  until(matches) {
    const already = this.heard.find(matches);
    return already ? Promise.resolve(already.call) : new Promise((resolve) => this.waiting.push({ matches, resolve }));
  }

  async request(path, body) {
    const response = await fetch(base + path, {
      method: body ? "POST" : "GET",
      headers: { ...this.headers, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (answer.statusCode !== 0) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  operate(call, operationName, more = {}) {
    return this.request(`/me/calls/${call.id}`, { operationName, ...more });
  }

  leave() {
    return new Promise((resolve) => this.cometd.disconnect(resolve));
  }
}

const is = (state, notificationType = "StatusChange") => (data) =>
  data.call.state === state && data.notificationType === notificationType;

const seats = ["15000", "15001", "15002"].map((number) => new Seat(number));
const [alice, bob, carol] = seats;
await Promise.all(seats.map((seat) => seat.connect()));

const { devices } = await alice.request("/me/devices?fields=*");
await alice.request(`/me/devices/${devices[0].id}/calls`, { operationName: "Dial", destination: { phoneNumber: "15001" } });
await bob.operate(await bob.until(is("Ringing")), "Answer");
const call = await alice.until(is("Established"));

await alice.operate(call, "InitiateConference", { destination: { phoneNumber: "15002" } });
await carol.operate(await carol.until(is("Ringing")), "Answer");
const consult = await alice.until((data) => data.call.callType === "Consult" && data.call.state === "Established");

await alice.operate(consult, "CompleteConference");
await Promise.all(seats.map((seat) => seat.until(is("Established", "ParticipantsUpdated"))));

await alice.operate(call, "Hangup");
await alice.until((data) => data.call.id === call.id && data.call.state === "Released");
const last = await bob.until((data) => data.call.participants.length === 1 && data.call.participants[0].phoneNumber === "15002");
await bob.operate(last, "Hangup");
await Promise.all([bob, carol].map((seat) => seat.until(is("Released"))));

await Promise.all(seats.map((seat) => seat.leave()));
clearTimeout(patience);
console.log(JSON.stringify(Object.fromEntries(seats.map((seat) => [seat.number, seat.heard]))));
process.exit(0);
