# shellcheck shell=bash
# Where things are. CHECKOUT and NEOLIA_ENV are absolute and exported.

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
NEOLIA_ENV=${NEOLIA_ENV:-$CHECKOUT/.env}
mkdir -p "$NEOLIA_ENV"
NEOLIA_ENV=$(cd "$NEOLIA_ENV" && pwd)
export CHECKOUT NEOLIA_ENV

# shellcheck source=scripts/lib/versions.sh
source "$CHECKOUT/scripts/lib/versions.sh"
