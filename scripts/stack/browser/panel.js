// SPDX-License-Identifier: Apache-2.0
// A browser as a panel: JsSIP, and the least that a person or a test needs. Used by the demo and by tests/browser only.
import * as jssip from "jssip";

const JsSIP = jssip.default ?? jssip;
const CALL = { mediaConstraints: { audio: true, video: true }, pcConfig: { iceServers: [], rtcpMuxPolicy: "require" } };
const byId = (id) => document.getElementById(id);

const panel = {
  events: [],
  userAgent: null,
  session: null,

  note(type, detail = {}) {
    panel.events.push({ type, ...detail });
  },

  show(status, ...buttons) {
    byId("status").textContent = status;
    for (const id of ["answer", "decline", "hang-up"]) byId(id).hidden = !buttons.includes(id);
  },

  /** credentials: {websocket, aor, username, password, realm}; username is the session's where it is one. */
  start({ websocket, aor, username, password }) {
    panel.userAgent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(websocket)],
      uri: aor,
      authorization_user: username,
      password,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 2,
    });
    for (const type of ["connected", "disconnected", "registered", "unregistered", "registrationFailed"]) {
      panel.userAgent.on(type, (event) => panel.note(type, { cause: event?.cause }));
    }
    panel.userAgent.on("registered", () => panel.session || panel.show("Ready"));
    panel.userAgent.on("newRTCSession", ({ session, originator }) => panel.follow(session, originator));
    panel.userAgent.start();
  },

  follow(session, originator) {
    if (panel.session && originator === "remote") return session.terminate({ status_code: 486 });
    panel.session = session;
    const who = session.remote_identity.uri.user;
    for (const type of ["progress", "accepted", "confirmed", "hold", "unhold", "ended", "failed"]) {
      session.on(type, (event) => panel.note(type, { cause: event?.cause, originator: event?.originator }));
    }
    session.on("confirmed", () => panel.show(`In a call with ${who}`, "hang-up"));
    for (const type of ["ended", "failed"]) {
      session.on(type, () => {
        panel.session = null;
        byId("picture").srcObject = null;
        panel.show("Ready");
      });
    }
    session.on("peerconnection", ({ peerconnection }) => panel.watch(peerconnection));
    if (session.connection) panel.watch(session.connection);
    if (originator === "remote") panel.show(`${who} rings`, "answer", "decline");
    panel.note("call", { originator, who });
  },

  watch(connection) {
    panel.connection = connection;
    connection.addEventListener("track", ({ streams }) => {
      if (streams[0]) byId("picture").srcObject = streams[0];
    });
  },

  call: (target) => panel.userAgent.call(target, CALL),
  answer: () => panel.session.answer(CALL),
  decline: () => panel.session.terminate({ status_code: 603, reason_phrase: "Decline" }),
  hangUp: () => panel.session.terminate(),
  hold: () => panel.session.hold(),
  unhold: () => panel.session.unhold(),
  /** Like a network change: the socket goes without a word, JsSIP makes another. */
  loseConnection: () => panel.userAgent._transport.socket._ws.close(),

  /** Packets and decoded frames so far, by direction and kind. */
  async media() {
    const media = {};
    for (const report of (await panel.connection.getStats()).values()) {
      if (report.type !== "inbound-rtp" && report.type !== "outbound-rtp") continue;
      const direction = report.type === "inbound-rtp" ? "received" : "sent";
      media[`${report.kind}_${direction}`] = report.packetsReceived ?? report.packetsSent ?? 0;
      if (report.framesDecoded !== undefined) media.frames_decoded = report.framesDecoded;
    }
    return media;
  },
};

byId("answer").onclick = panel.answer;
byId("decline").onclick = panel.decline;
byId("hang-up").onclick = panel.hangUp;
window.panel = panel;

// The demo gives the page its account; the tests sign in themselves.
fetch("credentials.json").then(async (answer) => {
  if (answer.ok) panel.start(await answer.json());
});
