// dataframe_converter IN COLUMNS_OUT FRAME_OUT: a DataFrame of pandas as {names, columns, index}, and as it was.
#include <cstdio>

#include <jl/dataframe.hpp>
#include <jl/jl.hpp>

int main(int count, char** arguments) {
    if (count != 4) return 2;
    try {
        const auto frame = jl::load<jl::DataFrame>(arguments[1]);
        jl::Value columns = jl::Value::list();
        for (std::size_t i = 0; i < frame.names().size(); ++i) columns.push_back(frame.column(i));
        jl::dump(jl::Value::dict({{"names", frame.names()}, {"columns", columns}, {"index", frame.index()}}),
                 arguments[2]);
        jl::dump(frame, arguments[3]);
    } catch (const jl::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
