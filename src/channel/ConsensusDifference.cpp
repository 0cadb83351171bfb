#include "fabric/common/configuration.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "src/channel/UnknownParts.h"
#include "src/channel/ValueDifference.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

using Text = ChangeList::Text;

/// A consenter of either kind, as far as the two are alike.
struct Member {
    std::string address;
    std::string msp;             // BFT
    std::string identity;        // BFT, PEM
    std::string client, server;  // PEM

    friend bool operator==(const Member&, const Member&) = default;
};

template <class C>
std::string addressOf(const C& consenter) {
    return fmt::format("{}:{}", consenter.host(), consenter.port());
}

Text certificate(const std::string& pem) {
    return pem.empty() ? Text() : Text(describeCertificate(pem));
}

void compareCertificates(ChangeList& changes, const std::string& item, const Member& before,
                         const Member& after) {
    const bool oneForTls = before.client == before.server && after.client == after.server;
    std::vector<std::tuple<const char*, const std::string&, const std::string&>> all;
    all.emplace_back("signing", before.identity, after.identity);
    all.emplace_back(oneForTls ? "TLS" : "client TLS", before.client, after.client);
    if (!oneForTls) all.emplace_back("server TLS", before.server, after.server);
    for (const auto& [role, was, is] : all) {
        if (was == is) continue;
        // Different bytes may say the same in words.
        if (!was.empty() && !is.empty() && certificate(was) == certificate(is)) {
            changes.setting("CONSENTER_CERTIFICATE", describeBytes(was), describeBytes(is),
                            {{"item", item}, {"role", role}});
            continue;
        }
        changes.setting("CONSENTER_CERTIFICATE", certificate(was), certificate(is),
                        {{"item", item}, {"role", role}});
    }
}

void addMember(ChangeList& changes, ChangeKind kind, const std::string& item,
               const Member& member) {
    Change& change = changes.item("CONSENTER", kind, {{"item", item}});
    ChangeList details(changes.path());
    const Text msp = member.msp.empty() ? Text() : Text(member.msp);
    const bool added = kind == ChangeKind::Added;
    details.setting("CONSENTER_MSP", added ? Text() : msp, added ? msp : Text(), {{"item", item}});
    compareCertificates(details, item, added ? Member() : member, added ? member : Member());
    change.details = details.take();
}

void compareMember(ChangeList& changes, const std::string& item, const Member& before,
                   const Member& after) {
    changes.setting("CONSENTER_ADDRESS", before.address, after.address, {{"item", item}});
    changes.setting("CONSENTER_MSP", before.msp, after.msp, {{"item", item}});
    compareCertificates(changes, item, before, after);
}

using RaftMembers = std::vector<Member>;

RaftMembers raftMembers(const ::etcdraft::ConfigMetadata* metadata) {
    RaftMembers members;
    if (metadata != nullptr)
        for (const auto& from : metadata->consenters())
            members.push_back(
                {addressOf(from), "", "", from.client_tls_cert(), from.server_tls_cert()});
    return members;
}

/// Pairs members that are the same to `same`, then takes them out of both lists.
template <class Same, class Pair>
void pairUp(RaftMembers& before, RaftMembers& after, Same same, Pair pair) {
    for (auto was = before.begin(); was != before.end();) {
        const auto is = std::find_if(after.begin(), after.end(),
                                     [&](const Member& member) { return same(*was, member); });
        if (is == after.end()) {
            ++was;
            continue;
        }
        pair(*was, *is);
        after.erase(is);
        was = before.erase(was);
    }
}

// Raft knows a consenter by its client certificate, people by its address.
void compareRaftMembers(ChangeList& changes, RaftMembers before, RaftMembers after) {
    const auto report = [&](const Member& was, const Member& is) {
        compareMember(changes, was.address, was, is);
    };
    pairUp(before, after, std::equal_to<>(), [](const Member&, const Member&) {});
    pairUp(
        before, after, [](const Member& a, const Member& b) { return a.address == b.address; },
        report);
    pairUp(
        before, after, [](const Member& a, const Member& b) { return a.client == b.client; },
        report);
    for (const Member& member : before)
        addMember(changes, ChangeKind::Removed, member.address, member);
    for (const Member& member : after)
        addMember(changes, ChangeKind::Added, member.address, member);
}

void compareRaft(ChangeList& changes, const ::etcdraft::ConfigMetadata* before,
                 const ::etcdraft::ConfigMetadata* after) {
    compareRaftMembers(changes, raftMembers(before), raftMembers(after));
    const auto option = [&](const char* name, auto get) {
        const auto of = [&](const ::etcdraft::ConfigMetadata* m) -> Text {
            return m == nullptr ? Text() : Text(get(m->options()));
        };
        changes.setting("RAFT_OPTION", of(before), of(after), {{"option", name}});
    };
    using Options = ::etcdraft::Options;
    option("tick interval", [](const Options& o) { return describeDuration(o.tick_interval()); });
    option("election ticks", [](const Options& o) { return std::to_string(o.election_tick()); });
    option("heartbeat ticks", [](const Options& o) { return std::to_string(o.heartbeat_tick()); });
    option("blocks in flight",
           [](const Options& o) { return std::to_string(o.max_inflight_blocks()); });
    option("snapshot interval",
           [](const Options& o) { return describeSize(o.snapshot_interval_size()); });
}

/// The options in the order of their numbers, named as the message names them.
void compareBft(ChangeList& changes, const ::orderer::smartbft::Options* before,
                const ::orderer::smartbft::Options* after) {
    using Options = ::orderer::smartbft::Options;
    using google::protobuf::FieldDescriptor;
    const auto* descriptor = Options::descriptor();
    const auto textOf = [](const Options* options, const FieldDescriptor* field) -> Text {
        if (options == nullptr) return std::nullopt;
        const auto* reflection = options->GetReflection();
        switch (field->cpp_type()) {
            case FieldDescriptor::CPPTYPE_BOOL:
                return reflection->GetBool(*options, field) ? "on" : "off";
            case FieldDescriptor::CPPTYPE_STRING:
                return describeDuration(reflection->GetString(*options, field));
            case FieldDescriptor::CPPTYPE_ENUM: {
                const int number = reflection->GetEnumValue(*options, field);
                if (number == Options::ROTATION_ON) return "on";
                if (number == Options::ROTATION_OFF) return "off";
                return number == 0 ? "not set" : std::to_string(number);
            }
            default:
                return std::to_string(reflection->GetUInt64(*options, field));
        }
    };
    for (int i = 0; i < descriptor->field_count(); ++i) {
        const FieldDescriptor* field = descriptor->field(i);
        std::string name = field->name();
        std::replace(name.begin(), name.end(), '_', ' ');
        changes.setting("BFT_OPTION", textOf(before, field), textOf(after, field),
                        {{"option", name}});
    }
}

template <class M>
std::optional<M> metadataOf(const ::orderer::ConsensusType* consensus, const char* type,
                            bool& readable) {
    if (consensus == nullptr || consensus->type() != type) return std::nullopt;
    auto metadata = wire::parse<M>(consensus->metadata(), "metadata");
    if (metadata.ok()) return *std::move(metadata);
    readable = false;
    return std::nullopt;
}

template <class M, class Compare>
bool compareMetadata(ChangeList& changes, const char* type, const ::orderer::ConsensusType* before,
                     const ::orderer::ConsensusType* after, UnknownBytes& unknown,
                     Compare compare) {
    bool readable = true;
    const auto was = metadataOf<M>(before, type, readable);
    const auto is = metadataOf<M>(after, type, readable);
    if (!readable) return false;
    if (was) unknown.before += unknownParts(*was);
    if (is) unknown.after += unknownParts(*is);
    compare(changes, was ? &*was : nullptr, is ? &*is : nullptr);
    return true;
}

bool hasKnownType(const ::orderer::ConsensusType* consensus) {
    return consensus == nullptr || consensus->metadata().empty() ||
           consensus->type() == "etcdraft" || consensus->type() == "BFT";
}

}  // namespace

void compareConsensusType(ChangeList& changes, const ::orderer::ConsensusType* before,
                          const ::orderer::ConsensusType* after, UnknownBytes& unknown) {
    const auto typeOf = [](const ::orderer::ConsensusType* c) {
        return c == nullptr ? Text() : Text(c->type());
    };
    changes.setting("CONSENSUS_TYPE", typeOf(before), typeOf(after));
    const auto stateOf = [](const ::orderer::ConsensusType* c) -> Text {
        if (c == nullptr) return std::nullopt;
        if (c->state() == ::orderer::ConsensusType::STATE_NORMAL) return "normal operation";
        if (c->state() == ::orderer::ConsensusType::STATE_MAINTENANCE) return "maintenance";
        return fmt::format("unknown state {}", static_cast<int>(c->state()));
    };
    changes.setting("CONSENSUS_STATE", stateOf(before), stateOf(after));
    if (before != nullptr && after != nullptr && before->type() == after->type() &&
        before->metadata() == after->metadata())
        return;
    const bool readable = hasKnownType(before) && hasKnownType(after) &&
                          compareMetadata<::etcdraft::ConfigMetadata>(
                              changes, "etcdraft", before, after, unknown, compareRaft) &&
                          compareMetadata<::orderer::smartbft::Options>(changes, "BFT", before,
                                                                        after, unknown, compareBft);
    if (readable) return;
    const auto bytesOf = [](const ::orderer::ConsensusType* c) {
        return c == nullptr ? Text() : Text(describeBytes(c->metadata()));
    };
    changes.setting("CONSENSUS_METADATA", bytesOf(before), bytesOf(after));
}

void compareOrderers(ChangeList& changes, const ::common::Orderers* before,
                     const ::common::Orderers* after) {
    // An id may be there twice in a wrong configuration; then the position tells them apart.
    using Key = std::pair<std::uint32_t, int>;
    const auto membersOf = [](const ::common::Orderers* orderers) {
        std::map<Key, Member> members;
        if (orderers == nullptr) return members;
        for (const auto& from : orderers->consenter_mapping()) {
            Key key{from.id(), 0};
            while (members.contains(key)) ++key.second;
            members[key] = {addressOf(from), from.msp_id(), from.identity(), from.client_tls_cert(),
                            from.server_tls_cert()};
        }
        return members;
    };
    const auto was = membersOf(before);
    const auto is = membersOf(after);
    const auto nameOf = [](const Key& key, const Member& member) {
        return fmt::format("{} ({})", key.first, member.address);
    };
    for (const auto& [key, member] : was) {
        const auto now = is.find(key);
        if (now == is.end())
            addMember(changes, ChangeKind::Removed, nameOf(key, member), member);
        else
            compareMember(changes, nameOf(key, member), member, now->second);
    }
    for (const auto& [key, member] : is)
        if (!was.contains(key)) addMember(changes, ChangeKind::Added, nameOf(key, member), member);
}

}  // namespace chancery::channel
