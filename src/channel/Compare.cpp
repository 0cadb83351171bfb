#include "src/channel/Compare.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "google/protobuf/unknown_field_set.h"

namespace chancery::channel {
namespace {

using google::protobuf::UnknownFieldSet;

std::string bytesOf(const UnknownFieldSet& fields) {
    std::string bytes;
    fields.SerializeToString(&bytes);
    return bytes;
}

// The order of fields with different numbers does not count.
std::map<int, std::string> byNumber(const UnknownFieldSet& fields) {
    std::map<int, std::string> all;
    for (int i = 0; i < fields.field_count(); ++i) {
        UnknownFieldSet one;
        one.AddField(fields.field(i));
        all[fields.field(i).number()] += bytesOf(one);
    }
    return all;
}

template <class M>
bool sameUnknown(const M& a, const M& b) {
    const UnknownFieldSet& left = a.GetReflection()->GetUnknownFields(a);
    const UnknownFieldSet& right = b.GetReflection()->GetUnknownFields(b);
    if (left.empty() || right.empty()) return left.empty() == right.empty();
    return bytesOf(left) == bytesOf(right) || byNumber(left) == byNumber(right);
}

template <class Map, class Same>
bool sameMap(const Map& a, const Map& b, Same same) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a) {
        const auto other = b.find(key);
        if (other == b.end() || !same(value, other->second)) return false;
    }
    return true;
}

}  // namespace

bool sameContent(const ::common::ConfigValue& a, const ::common::ConfigValue& b) {
    return a.mod_policy() == b.mod_policy() && a.value() == b.value();
}

bool sameContent(const ::common::ConfigPolicy& a, const ::common::ConfigPolicy& b) {
    if (a.mod_policy() != b.mod_policy() || a.has_policy() != b.has_policy()) return false;
    if (!a.has_policy()) return true;
    return a.policy().type() == b.policy().type() && a.policy().value() == b.policy().value() &&
           sameUnknown(a.policy(), b.policy());
}

bool sameValue(const ::common::ConfigValue& a, const ::common::ConfigValue& b) {
    return a.version() == b.version() && sameContent(a, b) && sameUnknown(a, b);
}

bool samePolicy(const ::common::ConfigPolicy& a, const ::common::ConfigPolicy& b) {
    return a.version() == b.version() && sameContent(a, b) && sameUnknown(a, b);
}

bool sameGroup(const ::common::ConfigGroup& a, const ::common::ConfigGroup& b) {
    return a.version() == b.version() && a.mod_policy() == b.mod_policy() && sameUnknown(a, b) &&
           sameMap(a.values(), b.values(), sameValue) &&
           sameMap(a.policies(), b.policies(), samePolicy) &&
           sameMap(a.groups(), b.groups(), sameGroup);
}

}  // namespace chancery::channel
