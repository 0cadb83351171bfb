#include <QtGlobal>

#include "ui/models/Sentences.h"

namespace chancery::ui {
namespace {

/// Words that use cases put into their sentences as arguments.
constexpr const char* kWords[] = {
    QT_TRANSLATE_NOOP("SentenceWords", "application"),
    QT_TRANSLATE_NOOP("SentenceWords", "orderers"),
    QT_TRANSLATE_NOOP("SentenceWords", "orderer"),
    QT_TRANSLATE_NOOP("SentenceWords", "channel"),
    QT_TRANSLATE_NOOP("SentenceWords", "consortiums"),
    QT_TRANSLATE_NOOP("SentenceWords", "signing"),
    QT_TRANSLATE_NOOP("SentenceWords", "client TLS"),
    QT_TRANSLATE_NOOP("SentenceWords", "server TLS"),
    QT_TRANSLATE_NOOP("SentenceWords", "tick interval"),
    QT_TRANSLATE_NOOP("SentenceWords", "election ticks"),
    QT_TRANSLATE_NOOP("SentenceWords", "heartbeat ticks"),
    QT_TRANSLATE_NOOP("SentenceWords", "blocks in flight"),
    QT_TRANSLATE_NOOP("SentenceWords", "snapshot interval"),
    QT_TRANSLATE_NOOP("SentenceWords", "on"),
    QT_TRANSLATE_NOOP("SentenceWords", "off"),
    QT_TRANSLATE_NOOP("SentenceWords", "not set"),
    QT_TRANSLATE_NOOP("SentenceWords", "no limit"),
    QT_TRANSLATE_NOOP("SentenceWords", "normal operation"),
    QT_TRANSLATE_NOOP("SentenceWords", "maintenance"),
    QT_TRANSLATE_NOOP("SentenceWords", "nothing"),
    QT_TRANSLATE_NOOP("SentenceWords", "any CA of the organisation"),
    QT_TRANSLATE_NOOP("SentenceWords", "nobody"),
    QT_TRANSLATE_NOOP("SentenceWords", "anybody, without any signature"),
    QT_TRANSLATE_NOOP("SentenceWords", "issuer key"),
    QT_TRANSLATE_NOOP("SentenceWords", "revocation key"),
    QT_TRANSLATE_NOOP("SentenceWords", "epoch"),
    QT_TRANSLATE_NOOP("SentenceWords", "Peers stop here."),
    QT_TRANSLATE_NOOP("SentenceWords", "nobody can satisfy it"),
    QT_TRANSLATE_NOOP("SentenceWords", "%1 bytes"),
    QT_TRANSLATE_NOOP("SentenceWords", "%1 byte"),
    QT_TRANSLATE_NOOP("SentenceWords", "%1 entries"),
    QT_TRANSLATE_NOOP("SentenceWords", "%1 entry"),
    QT_TRANSLATE_NOOP("SentenceWords", "envelope"),
    QT_TRANSLATE_NOOP("SentenceWords", "payload"),
    QT_TRANSLATE_NOOP("SentenceWords", "channel header"),
    QT_TRANSLATE_NOOP("SentenceWords", "signature header"),
    QT_TRANSLATE_NOOP("SentenceWords", "creator"),
    QT_TRANSLATE_NOOP("SentenceWords", "header extension"),
    QT_TRANSLATE_NOOP("SentenceWords", "config"),
    QT_TRANSLATE_NOOP("SentenceWords", "transaction"),
    QT_TRANSLATE_NOOP("SentenceWords", "signature header of the action"),
    QT_TRANSLATE_NOOP("SentenceWords", "action payload"),
    QT_TRANSLATE_NOOP("SentenceWords", "proposal payload"),
    QT_TRANSLATE_NOOP("SentenceWords", "invocation"),
    QT_TRANSLATE_NOOP("SentenceWords", "response payload"),
    QT_TRANSLATE_NOOP("SentenceWords", "chaincode action"),
    QT_TRANSLATE_NOOP("SentenceWords", "read/write set"),
    QT_TRANSLATE_NOOP("SentenceWords", "event"),
    QT_TRANSLATE_NOOP("SentenceWords", "nobody (no mod_policy)"),
    QT_TRANSLATE_NOOP("SentenceWords", "a whole number"),
    QT_TRANSLATE_NOOP("SentenceWords", "a validation code such as MVCC_READ_CONFLICT or 11"),
    QT_TRANSLATE_NOOP(
        "SentenceWords",
        "a time in UTC such as 2026-03-17 or 2026-03-17T14:30, or an age such as 24h or 7d"),
    QT_TRANSLATE_NOOP("SentenceWords", "valid, invalid or unjudged"),
    QT_TRANSLATE_NOOP("SentenceWords", "config or endorser"),
    QT_TRANSLATE_NOOP("SentenceWords", "a word such as \"block\" before the operator"),
    QT_TRANSLATE_NOOP("SentenceWords", "quotes around the whole value"),
    QT_TRANSLATE_NOOP("SentenceWords", "a closing quote"),
    QT_TRANSLATE_NOOP("SentenceWords", "a value"),
    QT_TRANSLATE_NOOP("SentenceWords", "a term"),
    QT_TRANSLATE_NOOP("SentenceWords", "at most 4,096 bytes"),
    QT_TRANSLATE_NOOP("SentenceWords", "at most 32 terms"),
    QT_TRANSLATE_NOOP(
        "SentenceWords",
        "one of the words block, time, size, transactions, tx, key, contract, function, creator, "
        "org, endorser, event, result, code and type, or quotes around free text"),
    QT_TRANSLATE_NOOP("SentenceWords", "a size such as 25KB, 1.5MB or 800"),
};

}  // namespace

std::span<const char* const> Sentences::words() {
    return kWords;
}

}  // namespace chancery::ui
