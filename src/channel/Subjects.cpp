#include "src/channel/Subjects.h"

#include <array>

namespace chancery::channel {
namespace {

constexpr auto kItem = SubjectForm::Item;
constexpr auto kSetting = SubjectForm::Setting;

// clang-format off
constexpr std::array kSubjects = {
    // The tree.
    Subject{"SECTION", kItem, "section {name}"},
    Subject{"ORGANISATION", kItem, "{organisation}", "{organisation} added to the {section}",
            "{organisation} removed from the {section}"},
    Subject{"CONSORTIUM_GROUP", kItem, "consortium {name}"},
    Subject{"UNKNOWN_GROUP", kItem, "group {path}, which Fabric does not know,"},
    Subject{"MOD_POLICY", kSetting, "who may change the {element}"},
    Subject{"REWRITTEN", kSetting, "the {element}", {}, {},
            "the {element} is set anew without a change (version {before} → {after})"},
    Subject{"UNKNOWN_VALUE", kSetting, "value {path}, which Fabric does not know"},
    Subject{"UNREADABLE_VALUE", kSetting, "value {path}, which cannot be read"},
    Subject{"UNKNOWN_PART", kSetting, "part of {path} that is unknown here"},
    Subject{"ENCODING", kSetting, "{path}", {}, {},
            "{path} is in another order or encoding, with the same content"},
    // Policies.
    Subject{"POLICY", kSetting, "policy {path}", "policy {path} added: {after}"},
    Subject{"CHANNEL_CREATION_POLICY", kSetting, "who may create channels in consortium {name}"},
    // The channel.
    Subject{"HASHING_ALGORITHM", kSetting, "hashing algorithm of the channel"},
    Subject{"BLOCK_HASH_WIDTH", kSetting, "width of the block data hash"},
    Subject{"CONSORTIUM", kSetting, "consortium the channel was created in"},
    Subject{"ORDERER_ADDRESS", kItem, "global orderer address {item}"},
    Subject{"CAPABILITY", kItem, "{section} capability {item}", {}, {},
            "{section} capability: {before} → {after}"},
    // Ordering.
    Subject{"BATCH_MESSAGES", kSetting, "transactions per block (maximum)"},
    Subject{"BATCH_ABSOLUTE_BYTES", kSetting, "size of a transaction (maximum)"},
    Subject{"BATCH_PREFERRED_BYTES", kSetting, "size of a block (preferred)"},
    Subject{"BATCH_TIMEOUT", kSetting, "batch timeout"},
    Subject{"MAX_CHANNELS", kSetting, "number of channels (maximum)"},
    Subject{"KAFKA_BROKER", kItem, "Kafka broker {item}"},
    Subject{"CONSENSUS_TYPE", kSetting, "consensus type"},
    Subject{"CONSENSUS_STATE", kSetting, "state of the ordering service"},
    Subject{"CONSENSUS_METADATA", kSetting, "consensus settings, which cannot be read"},
    Subject{"RAFT_OPTION", kSetting, "Raft {option}"},
    Subject{"BFT_OPTION", kSetting, "BFT {option}"},
    Subject{"CONSENTER", kItem, "consenter {item}"},
    Subject{"CONSENTER_ADDRESS", kSetting, "address of consenter {item}"},
    Subject{"CONSENTER_MSP", kSetting, "organisation of consenter {item}"},
    Subject{"CONSENTER_CERTIFICATE", kSetting, "{role} certificate of consenter {item}"},
    Subject{"ENDPOINT", kItem, "orderer endpoint {item} of {organisation}"},
    // Applications.
    Subject{"ACL", kSetting, "access to {resource}", "access to {resource}: {default} → {after}",
            "access to {resource}: {before} → {default}"},
    Subject{"ANCHOR_PEER", kItem, "anchor peer {item} of {organisation}"},
    // Membership.
    Subject{"MSP_ID", kSetting, "MSP id of {organisation}"},
    Subject{"MSP_KIND", kSetting, "kind of the MSP of {organisation}"},
    Subject{"MSP_CONFIG", kSetting, "MSP of {organisation}, which cannot be read"},
    Subject{"MSP_IDEMIX", kSetting, "Idemix {part} of {organisation}"},
    Subject{"ROOT_CA", kItem, "root CA", "root CA added to {organisation}: {item}",
            "root CA removed from {organisation}: {item}"},
    Subject{"INTERMEDIATE_CA", kItem, "intermediate CA",
            "intermediate CA added to {organisation}: {item}",
            "intermediate CA removed from {organisation}: {item}"},
    Subject{"TLS_ROOT_CA", kItem, "TLS root CA", "TLS root CA added to {organisation}: {item}",
            "TLS root CA removed from {organisation}: {item}"},
    Subject{"TLS_INTERMEDIATE_CA", kItem, "TLS intermediate CA",
            "TLS intermediate CA added to {organisation}: {item}",
            "TLS intermediate CA removed from {organisation}: {item}"},
    Subject{"ADMIN_CERTIFICATE", kItem, "administrator",
            "administrator added to {organisation}: {item}",
            "administrator removed from {organisation}: {item}"},
    Subject{"REVOCATION_LIST", kItem, "certificate revocation list",
            "certificate revocation list added to {organisation}: {item}",
            "certificate revocation list removed from {organisation}: {item}",
            "certificate revocation list of {organisation} by {issuer}: {before} → {after}"},
    Subject{"REVOKED_SERIAL", kItem, "serial number {item}", "serial number {item} is revoked",
            "serial number {item} is no longer revoked"},
    Subject{"OU_IDENTIFIER", kItem, "unit {item}",
            "organisational unit that {organisation} accepts added: {item}",
            "organisational unit that {organisation} accepts removed: {item}"},
    Subject{"NODE_OUS", kSetting, "roles by organisational unit in {organisation}"},
    Subject{"NODE_OU_CERTIFIER", kSetting, "CA that certifies {role} of {organisation}"},
    Subject{"MSP_HASH", kSetting, "hash functions of {organisation}"},
    Subject{"MSP_SIGNING_IDENTITY", kItem, "signing identity",
            "signing identity, which has no place in a channel, added to {organisation}: {item}",
            "signing identity removed from {organisation}: {item}"},
};
// clang-format on

}  // namespace

std::span<const Subject> subjects() {
    return kSubjects;
}

}  // namespace chancery::channel
