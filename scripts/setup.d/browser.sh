# shellcheck shell=bash
# A panel in a browser for demo and tests: JsSIP and our page's script in one file. Chromium is Debian's.

PANEL_SOURCE=$CHECKOUT/scripts/stack/browser

setup_browser() {
  run_step browser "$(cat "$PANEL_SOURCE"/package-lock.json "$PANEL_SOURCE"/panel.js | sha256sum)" bundle_panel
}

bundle_panel() {
  local work=$NEOLIA_ENV/browser
  rm -rf "$work"
  mkdir -p "$work"
  cp "$PANEL_SOURCE"/package.json "$PANEL_SOURCE"/package-lock.json "$PANEL_SOURCE"/panel.js "$work"
  cd "$work" || return
  export PATH=$NEOLIA_ENV/venv-tools/bin:$PATH PANEL_BUNDLE=$work/panel.bundle.js
  npm ci --silent --no-audit --no-fund
  npm run --silent build
}
