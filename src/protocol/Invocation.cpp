// Readers of what was asked of a contract.
#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"

namespace chancery::protocol {
namespace {

using wire::FieldScanner;

constexpr std::size_t kMapNodeBytes = 80;

/// An entry of map<string, bytes>; the last one of a key stands.
bool readMapEntry(FieldReader& reader, BytesView bytes, std::string_view& key, BytesView& value) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) return reader.text(field, key, "key");
        if (keyOf(field) == lengthField(2)) value = field.view();
        return true;
    });
}

class SpecReader {
public:
    SpecReader(BytesView root, std::string_view name, MemoryBudget* budget)
        : m_reader(root, name, budget) {}
    Status status() const { return m_reader.status(); }

    bool invocationSpec(BytesView bytes, std::optional<Invocation>& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) != lengthField(1)) return true;
            if (!out) out.emplace();
            return m_reader.inside("chaincode_spec", [&] { return spec(field.view(), *out); });
        });
    }

private:
    bool spec(BytesView bytes, Invocation& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case integerField(1):
                    out.type = static_cast<std::int32_t>(field.integer());
                    break;
                case lengthField(2):
                    if (!out.chaincodeId) out.chaincodeId.emplace();
                    return m_reader.inside("chaincode_id", [&] {
                        return readChaincodeId(m_reader, field.view(), *out.chaincodeId);
                    });
                case lengthField(3):
                    out.hasInput = true;
                    return m_reader.inside("input", [&] { return input(field.view(), out); });
            }
            return true;
        });
    }

    bool input(BytesView bytes, Invocation& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    if (!m_reader.element(field, sizeof(BytesView))) return false;
                    out.args.push_back(field.view());
                    break;
                case lengthField(2):
                    return m_reader.inside("decorations", [&] { return decoration(field, out); });
                case integerField(3):
                    out.isInit = field.integer() != 0;
                    break;
            }
            return true;
        });
    }

    bool decoration(const FieldScanner& field, Invocation& out) {
        std::string_view key;
        BytesView value;
        if (!m_reader.element(field, kMapNodeBytes) ||
            !readMapEntry(m_reader, field.view(), key, value))
            return false;
        out.decorations[key] = value;
        return true;
    }

    FieldReader m_reader;
};

}  // namespace

Result<std::optional<Invocation>> decodeInvocationSpec(BytesView bytes, MemoryBudget* budget) {
    SpecReader reader(bytes, "input", budget);
    std::optional<Invocation> out;
    if (!reader.invocationSpec(bytes, out)) return reader.status();
    return out;
}

Result<ProposalPayloadParts> decodeProposalPayload(BytesView bytes, MemoryBudget* budget) {
    FieldReader reader(bytes, "proposal_payload", budget);
    ProposalPayloadParts out;
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.input = field.view();
        if (keyOf(field) != lengthField(2)) return true;
        std::string_view key;
        BytesView value;
        const bool entry = reader.inside("TransientMap", [&] {
            return reader.element(field, kMapNodeBytes) &&
                   readMapEntry(reader, field.view(), key, value);
        });
        if (entry) out.transient[key] = value;
        return entry;
    });
    if (!read) return reader.status();
    return out;
}

}  // namespace chancery::protocol
