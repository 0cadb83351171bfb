#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/RangeQuery.h"
#include "src/protocol/Version.h"

namespace chancery::protocol {

/// Collects what a simulated transaction does and writes it in exactly the order in which Fabric's
/// peers write it, so that endorsements of different implementations agree to the byte (fact sheet
/// B §2). One thread at a time. Keys and names must be UTF-8, because Fabric cannot write others:
/// INVALID_ARGUMENT (NOT_UTF8).
class ReadWriteSetBuilder {
public:
    using Metadata = std::map<std::string, Bytes>;

    ReadWriteSetBuilder();
    ~ReadWriteSetBuilder();
    ReadWriteSetBuilder(ReadWriteSetBuilder&&) noexcept;
    ReadWriteSetBuilder& operator=(ReadWriteSetBuilder&&) noexcept;

    /// `version` is that of the committed state; absent when there is no such key. The first read
    /// of a key stands.
    Status read(std::string_view ns, std::string_view key, const std::optional<Version>& version);
    /// Repeated queries with equal start, end and exhaustion are recorded once.
    Status rangeQuery(std::string_view ns, std::string_view startKey, std::string_view endKey,
                      bool exhausted, RangeQueryRecorder::Outcome results);
    /// An empty value is a deletion. The last write of a key stands.
    Status write(std::string_view ns, std::string_view key, BytesView value);
    Status remove(std::string_view ns, std::string_view key) { return write(ns, key, {}); }
    /// Replaces all metadata of the key; empty deletes it.
    Status writeMetadata(std::string_view ns, std::string_view key, const Metadata& metadata);

    Status privateRead(std::string_view ns, std::string_view collection, std::string_view key,
                       const std::optional<Version>& version);
    Status privateWrite(std::string_view ns, std::string_view collection, std::string_view key,
                        BytesView value);
    Status privatePurge(std::string_view ns, std::string_view collection, std::string_view key);
    Status privateMetadata(std::string_view ns, std::string_view collection, std::string_view key,
                           const Metadata& metadata);

    struct Output {
        Bytes publicSet;   ///< TxReadWriteSet
        Bytes privateSet;  ///< TxPvtReadWriteSet; empty when no private key was written
    };
    Output build() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace chancery::protocol
