// Answers that the server does not have yet, on this machine: one shelf per person, assignment and attempt.
"use strict";

window.hocvuShelf = (owner, attempt) => {
  const prefix = `hocvu:${owner}:`;
  const own = prefix + attempt;
  const shelf = { works: true, all, put, drop, older, forgetOlder };

  function guarded(act, otherwise) {
    try {
      return act();
    } catch { // storage is full or forbidden: the page itself still holds everything
      shelf.works = false;
      return otherwise;
    }
  }

  function read(name) {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(name)) ?? {};
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    return Object.entries(kept).filter(([, one]) => one?.fields);
  }

  function write(entries) {
    if (entries.length) localStorage.setItem(own, JSON.stringify(Object.fromEntries(entries)));
    else localStorage.removeItem(own);
    shelf.works = true;
  }

  function all() {
    return guarded(() => read(own), []);
  }

  function put(item, entry) {
    guarded(() => write([...read(own).filter(([other]) => other !== item), [item, entry]]));
  }

  // Another window may have put a newer one there since: that one stays.
  function drop(item, sent) {
    const same = (one) => JSON.stringify([one.fields, one.sure]) === JSON.stringify([sent.fields, sent.sure]);
    guarded(() => write(read(own).filter(([other, one]) => other !== item || !same(one))));
  }

  const olderNames = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix) && name !== own);

  function older() {
    return guarded(() => olderNames().flatMap(read), []);
  }

  function forgetOlder() {
    guarded(() => olderNames().forEach((name) => localStorage.removeItem(name)));
  }

  return shelf;
};
