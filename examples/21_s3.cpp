// An object in an S3-compatible store: dumped in parts, rows of it read by range. Endpoint and credentials are told by
// AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; JL_BUCKET names the bucket.
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include <jl/jl.hpp>
#include <jl/s3.hpp>

int main() {
    const char* const bucket = std::getenv("JL_BUCKET");
    if (bucket == nullptr) {
        std::cerr << "21_s3: JL_BUCKET names no bucket\n";
        return 1;
    }
    const std::string url = std::string("s3://") + bucket + "/examples/measurements.pkl";
    jl::Array<float> measured({100'000, 64});
    for (std::uint64_t i = 0; i < measured.size(); ++i) measured.data()[i] = static_cast<float>(i);

    jl::dump(std::map<std::string, jl::Array<float>>{{"measured", measured}}, url);  // 25 MB: four parts, and commit

    const jl::File file(url);                                         // one request: the end of the object
    const auto rows = file.slice<float>("measured", 50'000, 50'004);  // one more: 1 MiB, whose checksum is compared
    std::cout << "row 50000 begins with " << rows.data()[0] << '\n';

    // The same with options, and a commit of one's own.
    jl::S3Place place = jl::S3Place::from_url(std::string("s3://") + bucket + "/examples/seven.pkl.gz");
    place.http.retries = 8;
    place.part_bytes = std::size_t{16} << 20;
    {
        jl::S3Sink sink(place);
        jl::dump(7, sink);
        sink.commit();  // until here there is no such object
    }
    jl::S3Stream stream(place);
    std::cout << "seven is " << jl::load<int>(stream) << '\n';
}
