#!/bin/sh
# Makes the certificates of these tests, with OpenSSL 3: an authority, a server, two clients, a server whose certificate has expired.
# Nothing outside the tests trusts them. They are committed so that the tests need no openssl; they are valid from 2020 to 2126.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/ca.cnf" <<END
[ca]
default_ca = any
[any]
new_certs_dir = $work
database = $work/index
rand_serial = yes
default_md = sha256
policy = names
copy_extensions = copy
unique_subject = no
[names]
commonName = supplied
END
: >"$work/index"
signed() { # FILE NAME EXTENSION UNTIL HOW-IT-IS-SIGNED ...
  file=$1 name=$2 extension=$3 until=$4
  shift 4
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 >"$work/$file.key"
  openssl req -new -key "$work/$file.key" -subj "/CN=$name" -addext "$extension" >"$work/$file.csr"
  openssl ca -batch -notext -config "$work/ca.cnf" -startdate 20200101000000Z -enddate "$until" -in "$work/$file.csr" \
    -out "$work/$file.pem" "$@"
}
authority() { # FILE NAME
  signed "$1" "$2" "basicConstraints=critical,CA:TRUE" 21260101000000Z -selfsign -keyfile "$work/$1.key"
}
party() { # FILE NAME AUTHORITY UNTIL
  signed "$1" "$2" "subjectAltName=IP:127.0.0.1,DNS:localhost" "$4" -cert "$work/$3.pem" -keyfile "$work/$3.key"
  cp "$work/$1.pem" "$work/$1.key" .
}
authority ca "Authority of the tests"
authority stranger-ca "An authority that nobody trusts"
cp "$work/ca.pem" .
party server "Server of the tests" ca 21260101000000Z
party client "Client of the tests" ca 21260101000000Z
party stranger "A client that nobody trusts" stranger-ca 21260101000000Z
party expired "A server of yesterday" ca 20210101000000Z
openssl pkcs8 -topk8 -in client.key -passout "pass:open sesame" -out client-encrypted.key
chmod 644 ./*.key ./*.pem
