// Plays the known request sequences of public client programs, each in its own sandbox, and prints the notifications of each.
// usage: node sequences.mjs http://127.0.0.1:8080 http://127.0.0.1:8081   (the second server requires CSRF tokens)
import { Seat, is, isConsult } from "./seat.mjs";

const [plain, guarded] = process.argv.slice(2);
const START = { operationName: "StartContactCenterSession", channels: ["voice"] };
const END = { operationName: "EndContactCenterSession" };
const FIVE = ["calls", "devices", "channels", "chats", "workbins"].map((topic) => `/v2/me/${topic}`);

const house = (name, numbers = ["15000", "15001", "15002"], server = plain) =>
  numbers.map((number) => new Seat(`${server}/s/${name}/api/v2`, number));

async function talk(alice, bob) {
  await alice.dial(bob.number);
  await bob.operate(await bob.until(is("Ringing")), "Answer");
  return alice.until(is("Established"));
}

// Alice talks to Bob and has called Carol, who has answered; the first call and the consult call.
async function consult(name, operation) {
  const seats = house(name);
  const [alice, bob, carol] = seats;
  await Promise.all(seats.map((seat) => seat.connect()));
  const call = await talk(alice, bob);
  await alice.operate(call, operation, { destination: { phoneNumber: carol.number } });
  await carol.operate(await carol.until(is("Ringing")), "Answer");
  return { seats, call, second: await alice.until(isConsult("Established")) };
}

async function completed(name, operation, onConsult) {
  const { seats, call, second } = await consult(name, "InitiateTransfer");
  await seats[0].operate(onConsult ? second : call, operation);
  const last = operation === "CompleteTransfer" ? "Released" : "Established";
  await seats[0].until((data) => data.call.id === call.id && data.call.state === last);
  await seats[0].until(isConsult("Released"));
  if (operation === "CompleteConference") await seats[0].until(is("Established", "ParticipantsUpdated"));
  await Promise.all(seats.slice(1).map((seat) => seat.until(is("Established", "ParticipantsUpdated"))));
  return seats;
}

const sequences = {
  async "GET /me, then a handshake whose listener subscribes, then the session"() {
    const [alice, bob] = house("me-first");
    await alice.request("/me");
    await alice.connectByListener("/v2/me/calls", "/v2/me/devices");
    await alice.request("/me", START);
    await alice.request("/me/channels/voice", { operationName: "Ready" });
    await bob.dial("15000");
    await alice.operate(await alice.until(is("Ringing")), "Answer");
    await alice.until(is("Established"));
    return [alice];
  },
  async "CometD first, then GET /me and everything that it has"() {
    const [alice] = house("cometd-first");
    await alice.connect("/v2/me/devices");
    await alice.request("/me", START);
    const { user } = await alice.request("/me?subresources=*");
    if (user.devices[0].userState.state !== "LoggedIn") throw new Error(JSON.stringify(user));
    await alice.until((data) => data.devices?.[0].userState?.state === "LoggedIn");
    return [alice];
  },
  async "five subscriptions, which must all succeed"() {
    const [alice, bob] = house("five");
    await alice.connect(...FIVE);
    await bob.dial("15000");
    await alice.until(is("Ringing"));
    return [alice];
  },
  async "a subscription to /v2/me/*"() {
    const [alice, bob] = house("star");
    await alice.connect("/v2/me/*");
    await bob.dial("15000");
    await alice.until(is("Ringing"));
    return [alice];
  },
  async "a subscription to everything, which is one's own only"() {
    const [alice, bob, carol] = house("everything");
    await alice.connect("/**");
    await bob.dial(carol.number);
    await bob.dial("15000");
    await alice.until(is("Ringing"));
    return [alice];
  },
  async "Hangup on a ringing leg"() {
    const [alice, bob] = house("hangup");
    await Promise.all([alice.connect(), bob.connect()]);
    await alice.dial("15001");
    await bob.operate(await bob.until(is("Ringing")), "Hangup");
    await Promise.all([alice, bob].map((seat) => seat.until(is("Released"))));
    return [alice, bob];
  },
  "InitiateTransfer, CompleteConference on the consult call": () => completed("tcc", "CompleteConference", true),
  "InitiateTransfer, CompleteConference on the first call": () => completed("tcf", "CompleteConference", false),
  "InitiateTransfer, CompleteTransfer on the consult call": () => completed("ttc", "CompleteTransfer", true),
  "InitiateTransfer, CompleteTransfer on the first call": () => completed("ttf", "CompleteTransfer", false),
  async "SwapCalls as a hold button"() {
    const { seats, call, second } = await consult("swap", "InitiateTransfer");
    const [alice] = seats;
    await alice.operate(call, "SwapCalls", { otherCallUri: second.uri });
    await alice.until(isConsult("Held"));
    await alice.operate(second, "SwapCalls", { otherCallUri: call.uri });
    await alice.until(isConsult("Established"), 2);
    await alice.until((data) => data.call.id === call.id && data.call.state === "Held", 2);
    return [alice];
  },
  async "a client that sends the CSRF token with REST and CometD"() {
    const [alice] = house("csrf", ["15000"], guarded);
    const refused = await alice.ask("/me", START);
    if (refused.status !== 403) throw new Error(`without a token: ${refused.status}`);
    const { headers } = await alice.ask("/me");
    alice.headers[headers.get("X-CSRF-HEADER")] = headers.get("X-CSRF-TOKEN");
    alice.headers.Cookie = headers.get("Set-Cookie").split(";")[0];
    alice.cometd.configure({ url: `${alice.base}/notifications`, requestHeaders: alice.headers, logLevel: "warn" });
    await alice.connect("/v2/me/devices");
    await alice.request("/me", START);
    await alice.until((data) => data.devices?.[0].userState?.state === "LoggedIn");
    return [alice];
  },
  async "disconnect before EndContactCenterSession"() {
    const [alice] = house("before");
    await alice.connect("/v2/me/devices");
    await alice.request("/me", START);
    await alice.until((data) => data.devices?.[0].userState?.state === "LoggedIn");
    await alice.leave();
    await alice.request("/me", END);
    return [alice];
  },
  async "disconnect after EndContactCenterSession"() {
    const [alice] = house("after");
    await alice.connect("/v2/me/devices");
    await alice.request("/me", START);
    await alice.request("/me", END);
    await alice.until((data) => data.devices?.[0].userState.state === "LoggedOut");
    await alice.leave();
    return [alice];
  },
};

function inShort({ channel, data }) {
  if (!data.call) return `${channel} ${data.devices?.[0].userState?.state ?? data.devices?.[0].deviceState ?? data.messageType}`;
  const { call } = data;
  const others = call.participants.map((party) => party.phoneNumber).join("+");
  return `${data.notificationType} ${call.callType} ${call.state} ${others}`;
}

let under = "";
const patience = setTimeout(() => {
  console.error("nothing more came in:", under);
  process.exit(1);
}, 60000);
const told = {};
for (const [name, play] of Object.entries(sequences)) {
  under = name;
  const seats = await play();
  told[name] = Object.fromEntries(seats.map((seat) => [seat.number, seat.heard.map(inShort)]));
  await Promise.all(seats.map((seat) => (seat.cometd.isDisconnected() ? undefined : seat.leave())));
}
clearTimeout(patience);
console.log(JSON.stringify(told));
process.exit(0);
