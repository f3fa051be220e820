#!/bin/sh
# Fetches Debian's packages into build/, without installing any: what runs from there sees nothing else.
set -e
rm -rf build
mkdir -p build/packages
cd build/packages
apt-get download -qq \
  python3-boto3 python3-botocore python3-s3transfer python3-jmespath python3-dateutil python3-urllib3 python3-six \
  python3-requests python3-certifi python3-chardet python3-charset-normalizer python3-idna \
  awscli python3-awscrt python3-colorama python3-cryptography python3-cffi-backend python3-distro python3-docutils \
  python3-prompt-toolkit python3-pyasn1 python3-roman python3-ruamel.yaml python3-ruamel.yaml.clib python3-wcwidth
cd ..
for package in packages/*.deb; do
  dpkg-deb --extract "$package" .
done
rm -r packages
touch fetched
