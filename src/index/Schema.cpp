#include "src/index/Schema.h"

#include <array>

namespace chancery::index {
namespace {

// Places (see Place.h) are the rowids of transactions, so that a block's lie together. Texts that
// come from the ledger are blobs, for they may hold any bytes.
constexpr std::string_view kTables = R"sql(
CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE files(position INTEGER PRIMARY KEY, path BLOB NOT NULL, size INTEGER NOT NULL,
    changed INTEGER NOT NULL, head BLOB NOT NULL);

CREATE TABLE blocks(number INTEGER PRIMARY KEY, config INTEGER NOT NULL, time INTEGER,
    transactions INTEGER NOT NULL, valid INTEGER, invalid INTEGER NOT NULL, size INTEGER NOT NULL,
    hash BLOB NOT NULL, commit_hash BLOB, check_result INTEGER NOT NULL, file BLOB NOT NULL,
    offset INTEGER NOT NULL, before INTEGER NOT NULL, blocks_before INTEGER NOT NULL);
CREATE UNIQUE INDEX blocks_by_row ON blocks(blocks_before);
CREATE INDEX blocks_by_transactions ON blocks(before);

CREATE TABLE transactions(place INTEGER PRIMARY KEY, id_key INTEGER, id BLOB,
    stated INTEGER NOT NULL, type INTEGER, time INTEGER, creator INTEGER, contract INTEGER,
    function INTEGER, event INTEGER, endorsers INTEGER, code INTEGER, computed INTEGER);
CREATE INDEX transactions_by_id ON transactions(id_key);
CREATE TABLE earlier_ids(id_key INTEGER, id BLOB, PRIMARY KEY(id_key, id)) WITHOUT ROWID;

CREATE TABLE identities(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, msp BLOB NOT NULL,
    common_name BLOB NOT NULL, units BLOB NOT NULL, fingerprint BLOB NOT NULL);
CREATE TABLE names(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name BLOB NOT NULL,
    UNIQUE(kind, name));
CREATE TABLE endorser_sets(id INTEGER PRIMARY KEY, members BLOB NOT NULL UNIQUE);

CREATE TABLE spaces(id INTEGER PRIMARY KEY, contract BLOB NOT NULL, collection BLOB NOT NULL,
    UNIQUE(contract, collection));
CREATE TABLE keys(id INTEGER PRIMARY KEY, space INTEGER NOT NULL, key BLOB NOT NULL,
    UNIQUE(space, key));
CREATE TABLE versions(key INTEGER, place INTEGER, what INTEGER NOT NULL, metadata INTEGER NOT NULL,
    PRIMARY KEY(key, place)) WITHOUT ROWID;
CREATE TABLE touches(key INTEGER, place INTEGER, what INTEGER NOT NULL,
    PRIMARY KEY(key, place)) WITHOUT ROWID;
CREATE TABLE metadata(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL UNIQUE);
CREATE TABLE earlier_values(key INTEGER PRIMARY KEY, block INTEGER NOT NULL, slot INTEGER NOT NULL,
    value BLOB NOT NULL);
CREATE TABLE expiry(due INTEGER, key INTEGER, written INTEGER,
    PRIMARY KEY(due, key, written)) WITHOUT ROWID;

CREATE TABLE configs(block INTEGER PRIMARY KEY, config BLOB NOT NULL);
CREATE TABLE causes(place INTEGER PRIMARY KEY, cause BLOB NOT NULL);
CREATE TABLE findings(id INTEGER PRIMARY KEY, severity INTEGER NOT NULL, reason TEXT NOT NULL,
    block INTEGER, finding BLOB NOT NULL);

CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, tokenize='trigram');
)sql";

// Findings and causes got arguments: what was verified before is verified again.
constexpr std::string_view kStartAgain = R"sql(
DELETE FROM facts; DELETE FROM files; DELETE FROM blocks; DELETE FROM transactions;
DELETE FROM earlier_ids; DELETE FROM identities; DELETE FROM names; DELETE FROM endorser_sets;
DELETE FROM spaces; DELETE FROM keys; DELETE FROM versions; DELETE FROM touches;
DELETE FROM metadata; DELETE FROM earlier_values; DELETE FROM expiry; DELETE FROM configs;
DELETE FROM causes; DELETE FROM findings; INSERT INTO words(words) VALUES('delete-all');
)sql";

constexpr std::array kSteps{kTables, kStartAgain};

}  // namespace

const store::Schema& schema() {
    static constexpr store::Schema kSchema{0x43484c49, kSteps};
    return kSchema;
}

}  // namespace chancery::index
