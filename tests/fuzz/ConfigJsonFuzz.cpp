// The JSON form both ways. The first byte chooses the message and the direction.
#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/policies.pb.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "src/channel/ConfigJson.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

using namespace chancery;
using namespace chancery::channel;

namespace {

using google::protobuf::Message;

void require(bool condition) {
    if (!condition) std::abort();
}

const Message& typeOf(std::uint8_t choice) {
    static const std::array<const Message*, 6> types = {
        &::common::Config::default_instance(),      &::common::Block::default_instance(),
        &::common::ConfigGroup::default_instance(), &::common::ConfigUpdate::default_instance(),
        &::common::Envelope::default_instance(),    &::common::Policy::default_instance(),
    };
    return *types[choice % types.size()];
}

/// Text that was written is read back to the same message and written again as the same text.
void roundTrip(const Message& message, const JsonOptions& options) {
    const auto text = toJson(message, options);
    if (!text.ok()) {
        require(!reasonOf(text.status()).empty());
        return;
    }
    const std::unique_ptr<Message> read(message.New());
    const Status status = fromJson(*text, *read, options);
    if (!status.ok()) {
        require(status.code() == StatusCode::kResourceExhausted);
        return;
    }
    const auto again = toJson(*read, options);
    require(again.ok() && *again == *text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    JsonOptions options;
    options.groupKind = GroupKind::ApplicationOrg;
    options.dropUnknownFields = (data[0] & 0x40) != 0;
    if ((data[0] & 0x20) != 0) options.emptyBytes = JsonOptions::EmptyBytes::EmptyText;
    const std::unique_ptr<Message> message(typeOf(data[0] & 0x1f).New());
    if ((data[0] & 0x80) != 0) {
        if (wire::parseInto(*message, bytes, "input").ok()) roundTrip(*message, options);
        return 0;
    }
    const Status status = fromJson(bytes, *message, options);
    if (!status.ok()) {
        require(!reasonOf(status).empty() && message->ByteSizeLong() == 0);
        return 0;
    }
    const Bytes first = wire::serialize(*message);
    const auto text = toJson(*message, options);
    if (!text.ok()) return 0;  // base64 may hide what cannot be read
    const std::unique_ptr<Message> second(message->New());
    if (const Status again = fromJson(*text, *second, options); again.ok())
        require(wire::serialize(*second) == first);
    return 0;
}
