#include "src/channel/ChannelValues.h"

#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/GoDuration.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

// As loosely as Fabric 2.5 looks at the brokers of channels that once ran on Kafka.
bool isBroker(const std::string& address) {
    const std::size_t colon = address.find(':');
    if (colon == std::string::npos || address.find(':', colon + 1) != std::string::npos)
        return false;
    const std::string host = address.substr(0, colon);
    const std::string port = address.substr(colon + 1);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto isLetterOrDigit = [&](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    const bool portIsWell = !port.empty() && port.size() <= 19 &&
                            std::all_of(port.begin(), port.end(), isDigit) &&
                            std::stoull(port) <= 65535;
    const bool hostIsWell =
        !host.empty() && isLetterOrDigit(host.front()) && isLetterOrDigit(host.back()) &&
        std::all_of(host.begin(), host.end(),
                    [&](char c) { return isLetterOrDigit(c) || c == '.' || c == '-'; });
    return portIsWell && hostIsWell;
}

Result<BatchSize> readBatchSize(const GroupValues& values) {
    const auto& from = values.get<::orderer::BatchSize>("BatchSize");
    const std::string path = values.pathOf("BatchSize");
    const BatchSize size{from.max_message_count(), from.absolute_max_bytes(),
                         from.preferred_max_bytes()};
    if (size.maxMessages == 0)
        return elementError(path, "BAD_VALUE", "max_message_count must not be 0");
    if (size.absoluteMaxBytes == 0)
        return elementError(path, "BAD_VALUE", "absolute_max_bytes must not be 0");
    if (size.preferredMaxBytes == 0)
        return elementError(path, "BAD_VALUE", "preferred_max_bytes must not be 0");
    if (size.preferredMaxBytes > size.absoluteMaxBytes)
        return elementError(path, "BAD_VALUE",
                            fmt::format("preferred_max_bytes ({}) exceed absolute_max_bytes ({})",
                                        size.preferredMaxBytes, size.absoluteMaxBytes));
    return size;
}

}  // namespace

Status elementError(std::string_view path, std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{}: {}", path, sentence),
                     {{"path", std::string(path)}});
}

Result<GroupValues> GroupValues::decode(const ::common::ConfigGroup& group, GroupKind kind,
                                        std::string path) {
    GroupValues values;
    values.m_path = std::move(path);
    for (const auto& [key, value] : group.values()) {
        const auto* prototype = valueMessage(kind, key);
        if (prototype == nullptr)
            return elementError(values.pathOf(printable(key, 256)), "UNEXPECTED_VALUE",
                                "no such value belongs here");
        std::unique_ptr<google::protobuf::Message> message(prototype->New());
        if (const Status parsed = wire::parseInto(*message, value.value(), key); !parsed.ok())
            return elementError(values.pathOf(key), "BAD_VALUE", messageOf(parsed));
        values.m_messages[key] = std::move(message);
    }
    return values;
}

Status checkChannelValues(const GroupValues& values, const Capabilities& capabilities) {
    const std::string& hash = values.get<::common::HashingAlgorithm>("HashingAlgorithm").name();
    if (hash != "SHA256" && hash != "SHA3_256")
        return elementError(
            values.pathOf("HashingAlgorithm"), "BAD_VALUE",
            fmt::format("the hashing algorithm \"{}\" is unknown", printable(hash, 64)));
    const auto& structure =
        values.get<::common::BlockDataHashingStructure>("BlockDataHashingStructure");
    if (structure.width() != 0xFFFFFFFFu)
        return elementError(values.pathOf("BlockDataHashingStructure"), "BAD_VALUE",
                            fmt::format("the width must be 4294967295, not {}", structure.width()));
    const auto& addresses = values.get<::common::OrdererAddresses>("OrdererAddresses");
    if (!capabilities.orgOrdererEndpoints && addresses.addresses().empty())
        return elementError(values.pathOf("OrdererAddresses"), "BAD_VALUE",
                            "below channel capability V1_4_2 there must be orderer addresses");
    if (capabilities.consensusTypeBft && !addresses.addresses().empty())
        return elementError(values.pathOf("OrdererAddresses"), "BAD_VALUE",
                            "with channel capability V3_0 orderer addresses belong to the "
                            "organisations only");
    return absl::OkStatus();
}

Result<OrdererSettings> readOrdererSettings(const GroupValues& values) {
    OrdererSettings settings;
    ASSIGN_OR_RETURN(settings.batchSize, readBatchSize(values));
    const std::string& timeout = values.get<::orderer::BatchTimeout>("BatchTimeout").timeout();
    const auto duration = parseGoDuration(timeout);
    if (!duration.ok())
        return elementError(values.pathOf("BatchTimeout"), "BAD_VALUE",
                            fmt::format("\"{}\" is no duration", printable(timeout, 64)));
    if (*duration <= absl::ZeroDuration())
        return elementError(values.pathOf("BatchTimeout"), "BAD_VALUE",
                            "the timeout must be positive");
    settings.batchTimeout = *duration;
    for (const auto& broker : values.get<::orderer::KafkaBrokers>("KafkaBrokers").brokers()) {
        if (!isBroker(broker))
            return elementError(
                values.pathOf("KafkaBrokers"), "BAD_VALUE",
                fmt::format("\"{}\" is no broker's address", printable(broker, 256)));
        settings.kafkaBrokers.push_back(broker);
    }
    const auto& consensus = values.get<::orderer::ConsensusType>("ConsensusType");
    settings.consensusType = consensus.type();
    settings.consensusMetadata = consensus.metadata();
    settings.consensusState = static_cast<ConsensusState>(static_cast<int>(consensus.state()));
    settings.maxChannels =
        values.get<::orderer::ChannelRestrictions>("ChannelRestrictions").max_count();
    return settings;
}

}  // namespace chancery::channel
