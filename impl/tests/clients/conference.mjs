// Plays the two-step conference on three seats with the official CometD client and plain HTTP, and prints every seat's notifications.
// usage: node conference.mjs http://127.0.0.1:8080
import { Seat, is, isConsult } from "./seat.mjs";

const patience = setTimeout(() => {
  console.error("nothing more came; heard so far:", JSON.stringify(seats.map((seat) => seat.heard), null, 1));
  process.exit(1);
}, 60000);

const seats = ["15000", "15001", "15002"].map((number) => new Seat(`${process.argv[2]}/api/v2`, number));
const [alice, bob, carol] = seats;
await Promise.all(seats.map((seat) => seat.connect()));

await alice.dial("15001");
await bob.operate(await bob.until(is("Ringing")), "Answer");
const call = await alice.until(is("Established"));

await alice.operate(call, "InitiateConference", { destination: { phoneNumber: "15002" } });
await carol.operate(await carol.until(is("Ringing")), "Answer");
const consult = await alice.until(isConsult("Established"));

await alice.operate(consult, "CompleteConference");
await Promise.all(seats.map((seat) => seat.until(is("Established", "ParticipantsUpdated"))));

await alice.operate(call, "Hangup");
await alice.until((data) => data.call.id === call.id && data.call.state === "Released");
const last = await bob.until((data) => data.call.participants.length === 1 && data.call.participants[0].phoneNumber === "15002");
await bob.operate(last, "Hangup");
await Promise.all([bob, carol].map((seat) => seat.until(is("Released"))));

await Promise.all(seats.map((seat) => seat.leave()));
clearTimeout(patience);
console.log(JSON.stringify(Object.fromEntries(seats.map((seat) => [seat.number, seat.heard.map((message) => message.data)]))));
process.exit(0);
