#pragma once

// For the sources of this folder.
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace chancery::rpc {

inline grpc::ByteBuffer toBuffer(BytesView bytes) {
    const grpc::Slice slice(bytes.data(), bytes.size());
    return {&slice, 1};
}

inline Result<Bytes> toBytes(const grpc::ByteBuffer& buffer) {
    Bytes out;
    std::vector<grpc::Slice> slices;
    if (buffer.Valid() && !buffer.Dump(&slices).ok())
        return makeError(StatusCode::kInternal, "UNREADABLE_MESSAGE",
                         "the message cannot be decompressed");
    out.reserve(buffer.Valid() ? buffer.Length() : 0);
    for (const grpc::Slice& slice : slices)
        out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return out;
}

inline std::chrono::system_clock::time_point toWallTime(Deadline deadline) {
    if (deadline == Deadline::max()) return std::chrono::system_clock::time_point::max();
    return std::chrono::system_clock::now() +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(
               deadline - std::chrono::steady_clock::now());
}

}  // namespace chancery::rpc
