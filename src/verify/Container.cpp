#include "src/verify/Container.h"

#include <cstring>
#include <functional>

#include "fabric/common/common.pb.h"
#include "src/wire/Serialize.h"
#include "src/wire/Varint.h"

namespace chancery::verify {
namespace {

/// The contents of a block in the order in which a container holds them, without the empty ones.
std::vector<BytesView> contents(const protocol::Block& block, Container container) {
    std::vector<BytesView> views;
    const auto add = [&](BytesView view) {
        if (!view.empty()) views.push_back(view);
    };
    const auto& header = block.header();
    add(container == Container::Message ? header.previousHash : header.dataHash);
    add(container == Container::Message ? header.dataHash : header.previousHash);
    for (const BytesView envelope : block.envelopes()) add(envelope);
    for (const BytesView entry : block.metadataEntries()) add(entry);
    return views;
}

Bytes canonicalBytes(Container container, const protocol::Block& block) {
    if (container == Container::Message) return block.serialize();
    Bytes record = protocol::encodeBlockRecord(block);
    std::uint64_t length = 0;
    const char* begin = wire::readVarint(record.data(), record.data() + record.size(), length);
    record.erase(0, static_cast<std::size_t>(begin - record.data()));
    return record;
}

/// The bytes of the container are not at hand, but the block's contents lie in them. Where they lie
/// as far apart as they should and the size is the right one, nothing can be left over before or
/// behind them, which says where the container begins; then all of it is compared. That takes a
/// header and an envelope to hold on to; without them nothing but the size is compared.
bool isCanonicalAs(Container container, const protocol::Block& block, std::uint64_t size) {
    Bytes bytes = canonicalBytes(container, block);
    if (bytes.size() != size) return false;
    const bool held = !block.header().dataHash.empty() && block.transactionCount() > 0 &&
                      !block.envelopes().front().empty();
    if (!held) return true;
    const protocol::SharedBytes expected(std::move(bytes));
    const auto again = container == Container::Message ? protocol::Block::parse(expected)
                                                       : protocol::decodeBlockRecord(expected);
    if (!again.ok()) return false;
    const auto found = contents(block, container);
    const auto wanted = contents(*again, container);
    if (found.size() != wanted.size()) return false;
    const auto distance = [](const std::vector<BytesView>& views, std::size_t i) {
        return reinterpret_cast<std::uintptr_t>(views[i].data()) -
               reinterpret_cast<std::uintptr_t>(views.front().data());
    };
    for (std::size_t i = 0; i < found.size(); ++i)
        if (distance(found, i) != distance(wanted, i)) return false;
    const auto prefix = wanted.front().data() - expected.view().data();
    return std::memcmp(found.front().data() - prefix, expected.view().data(), expected.size()) == 0;
}

}  // namespace

bool isCanonical(const protocol::SourcedBlock& sourced) {
    if (sourced.size == 0) return true;
    // Records have the data hash first; the order tells what to try first.
    const auto& header = sourced.block.header();
    const bool isRecord = std::less<>()(header.dataHash.data(), header.previousHash.data());
    const Container likely = isRecord ? Container::Record : Container::Message;
    const Container other = isRecord ? Container::Message : Container::Record;
    return isCanonicalAs(likely, sourced.block, sourced.size) ||
           isCanonicalAs(other, sourced.block, sourced.size);
}

Bytes canonicalSignatures(const protocol::OrdererMetadata& metadata) {
    common::Metadata message;
    message.set_value(std::string(metadata.value));
    for (const auto& signature : metadata.signatures) {
        auto& added = *message.add_signatures();
        added.set_signature_header(std::string(signature.signatureHeaderBytes));
        added.set_signature(std::string(signature.signature));
        added.set_identifier_header(std::string(signature.identifierHeaderBytes));
    }
    return wire::serialize(message);
}

Bytes canonicalValue(BytesView value) {
    common::Metadata message;
    message.set_value(std::string(value));
    return wire::serialize(message);
}

Bytes canonicalLastConfig(BlockNumber number) {
    common::LastConfig message;
    message.set_index(number);
    return canonicalValue(wire::serialize(message));
}

}  // namespace chancery::verify
