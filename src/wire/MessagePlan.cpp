#include "src/wire/MessagePlan.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace chancery::wire {
namespace {

namespace pb = google::protobuf;

constexpr int kArrayLimit = 64;

WireType wireTypeOf(const pb::FieldDescriptor& field) {
    switch (field.type()) {
        case pb::FieldDescriptor::TYPE_DOUBLE:
        case pb::FieldDescriptor::TYPE_FIXED64:
        case pb::FieldDescriptor::TYPE_SFIXED64:
            return WireType::Fixed64;
        case pb::FieldDescriptor::TYPE_FLOAT:
        case pb::FieldDescriptor::TYPE_FIXED32:
        case pb::FieldDescriptor::TYPE_SFIXED32:
            return WireType::Fixed32;
        case pb::FieldDescriptor::TYPE_STRING:
        case pb::FieldDescriptor::TYPE_BYTES:
        case pb::FieldDescriptor::TYPE_MESSAGE:
            return WireType::Length;
        default:
            return WireType::Varint;
    }
}

std::uint32_t objectCostOf(const pb::Descriptor& descriptor) {
    if (descriptor.options().map_entry()) return kMapNodeCost;
    const pb::Message* prototype =
        pb::MessageFactory::generated_factory()->GetPrototype(&descriptor);
    const std::size_t object = prototype != nullptr ? prototype->SpaceUsedLong() : 128;
    return static_cast<std::uint32_t>((object + 8 + 15) / 16 *
                                      16);  // the allocator's own word, and its rounding
}

class Plans {
public:
    const MessagePlan& of(const pb::Descriptor& descriptor) {
        {
            const std::shared_lock lock(m_mutex);
            if (const auto found = m_plans.find(&descriptor); found != m_plans.end())
                return *found->second;
        }
        const std::unique_lock lock(m_mutex);
        return build(descriptor);
    }

private:
    const MessagePlan& build(const pb::Descriptor& descriptor) {
        auto& slot = m_plans[&descriptor];
        if (slot != nullptr) return *slot;
        slot = std::make_unique<MessagePlan>();
        MessagePlan& plan =
            *slot;  // stays put while messages inside are planned, which may be this one again
        plan.descriptor = &descriptor;
        plan.objectCost = objectCostOf(descriptor);
        for (int i = 0; i < descriptor.field_count(); ++i) {
            const pb::FieldDescriptor& field = *descriptor.field(i);
            if (field.type() == pb::FieldDescriptor::TYPE_GROUP)
                continue;  // then it counts as unknown
            if (field.number() < kArrayLimit) {
                const auto needed = static_cast<std::size_t>(field.number()) + 1;
                if (plan.fields.size() < needed) plan.fields.resize(needed);
                plan.fields[needed - 1] = fieldPlan(field);
            } else {
                plan.sparse.push_back(fieldPlan(field));
            }
        }
        std::sort(plan.sparse.begin(), plan.sparse.end(),
                  [](const FieldPlan& a, const FieldPlan& b) {
                      return a.descriptor->number() < b.descriptor->number();
                  });
        // A map makes key and value with the entry, whether or not they come.
        if (descriptor.options().map_entry())
            for (FieldPlan& field : plan.fields) {
                if (field.message != nullptr) plan.objectCost += field.message->objectCost;
                field.elementCost = 0;
            }
        return plan;
    }

    FieldPlan fieldPlan(const pb::FieldDescriptor& field) {
        FieldPlan plan;
        plan.descriptor = &field;
        plan.wireType = wireTypeOf(field);
        plan.repeated = field.is_repeated();
        plan.map = field.is_map();
        plan.presence = field.has_presence() || field.containing_type()->options().map_entry();
        plan.closedEnum = field.type() == pb::FieldDescriptor::TYPE_ENUM &&
                          field.file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO2;
        switch (field.type()) {
            case pb::FieldDescriptor::TYPE_STRING:
            case pb::FieldDescriptor::TYPE_BYTES:
                plan.kind = field.type() == pb::FieldDescriptor::TYPE_STRING
                                ? FieldPlan::Kind::String
                                : FieldPlan::Kind::Bytes;
                plan.elementCost = kStringCost + (plan.repeated ? kRepeatedSlotCost : 0);
                break;
            case pb::FieldDescriptor::TYPE_MESSAGE:
                plan.kind = FieldPlan::Kind::Message;
                plan.message = &build(*field.message_type());
                plan.elementCost =
                    plan.message->objectCost + (plan.repeated ? kRepeatedSlotCost : 0);
                break;
            default:
                plan.elementCost = plan.repeated ? kRepeatedSlotCost : 0;
                break;
        }
        return plan;
    }

    std::shared_mutex m_mutex;
    std::unordered_map<const pb::Descriptor*, std::unique_ptr<MessagePlan>> m_plans;
};

}  // namespace

const FieldPlan* MessagePlan::findSparse(std::uint32_t number) const {
    const auto found = std::lower_bound(
        sparse.begin(), sparse.end(), number, [](const FieldPlan& plan, std::uint32_t wanted) {
            return static_cast<std::uint32_t>(plan.descriptor->number()) < wanted;
        });
    if (found == sparse.end() || static_cast<std::uint32_t>(found->descriptor->number()) != number)
        return nullptr;
    return &*found;
}

const MessagePlan& planFor(const pb::Descriptor& descriptor) {
    static Plans plans;
    return plans.of(descriptor);
}

}  // namespace chancery::wire
