#!/bin/sh
# SPDX-FileCopyrightText: 2026 Augenhöhe contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Fetches and builds everything under core/static/vendor/ again, and writes manifest.json.
# Needs node, npm and python3. Run it after changing a version here; look at the diff before committing.
set -eu

KERN=2.7.2
FIRA=5.3.0
SASS=1.108.2
RTLCSS=4.3.0

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent "@kern-ux/native@$KERN" "@fontsource/fira-sans@$FIRA" >/dev/null
npm install --silent --no-save --no-audit --no-fund "sass@$SASS" "rtlcss@$RTLCSS"
mkdir kern fira
tar -xzf kern-ux-native-*.tgz -C kern --strip-components 1
tar -xzf fontsource-fira-sans-*.tgz -C fira --strip-components 1

rm -rf "$here/kern" "$here/fira-sans"
mkdir "$here/kern" "$here/fira-sans"

# The sources carry a placeholder where the published build carries the version; only comments use it.
npx sass --silence-deprecation=if-function --no-source-map --no-charset --style=compressed --load-path=kern/src/scss \
    "$here/kern.scss" "$here/kern/kern.min.css"
npx rtlcss --silent "$here/kern/kern.min.css" "$here/kern/kern.rtl.min.css"
cp kern/LICENSE.md "$here/kern/LICENSE.md"

for script in latin latin-ext cyrillic cyrillic-ext; do
    for weight in 400 600; do
        cp "fira/files/fira-sans-$script-$weight-normal.woff2" "$here/fira-sans/"
    done
done
cp fira/LICENSE "$here/fira-sans/LICENSE"

python3 "$here/manifest.py" --kern "$KERN" --fira "$FIRA" --unicode-ranges fira/unicode.json
