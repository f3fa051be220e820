#!/bin/sh
# Fetches Debian's packages into build/, without installing any: what runs from there sees nothing else.
set -e
rm -rf build
mkdir -p build/packages
cd build/packages
apt-get download -qq \
  ruby3.1 libruby3.1 rubygems-integration libyaml-0-2 libgmp10 libedit2 libxml2 libxslt1.1 libicu72 \
  ruby-aws-sdk ruby-nokogiri ruby-pkg-config ruby-uuidtools \
  ruby-aws-sdk-core ruby-aws-sdk-kms ruby-aws-eventstream ruby-aws-partitions ruby-aws-sigv4 ruby-jmespath
cd ..
for package in packages/*.deb; do
  dpkg-deb --extract "$package" .
done
# With Ruby come gems that nobody here uses, sources of TypeScript among them.
rm -r packages usr/lib/ruby/gems usr/share/doc
# Debian's own change to it says where it lies.
grep -rl /usr/share/ruby-aws-sdk usr/lib/ruby/vendor_ruby | xargs sed -i "s#/usr/share/ruby-aws-sdk#$PWD&#"
touch fetched
