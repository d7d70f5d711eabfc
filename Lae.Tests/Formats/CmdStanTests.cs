using System.Globalization;
using System.Text;
using Lae.Formats;
using Lae.Formats.CmdStan;

namespace Lae.Tests.Formats;

public sealed class CmdStanTests
{
    private static readonly string[] Parameters = ["mu", "tau", "theta[1]", "theta[2]", "L[1,1]", "L[2,1]", "L[1,2]", "L[2,2]"];

    private static double Value(int chain, int draw, int parameter) => Math.Sin((chain * 1000) + (draw * 10) + parameter) * Math.Pow(10, parameter - 4);

    private static byte[] Written(int chain, int draws, bool warmup = false, string algorithm = "hmc") => FormatChecks.Written(stream =>
    {
        CmdStanWriter writer = CmdStanWriter.Begin(stream, new CmdStanSettings("eight schools", chain, draws, 5, ulong.MaxValue, SavesWarmup: warmup, Algorithm: algorithm, TargetAcceptance: 0.8, MaximumDepth: 10, LibraryVersion: "0.1.0"), Parameters);
        if (warmup)
        {
            Append(writer, chain, -5, 0);
        }

        writer.Adaptation(0.1 + chain, [1, 2, 0.1], 3);
        Append(writer, chain, 0, draws);
        writer.End(0.25, 1e-5);
    });

    private static void Append(CmdStanWriter writer, int chain, int from, int to)
    {
        for (int draw = from; draw < to; draw++)
        {
            writer.Append(new CmdStanDraw(-7.5 - draw, 0.9, 0.1, 3, 7, draw == 2, 8.25), [.. Enumerable.Range(0, Parameters.Length).Select(i => Value(chain, draw, i))]);
        }
    }

    private static CmdStanFile Read(byte[] file) => CmdStanCsv.Read(new MemoryStream(file), "chain.csv");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Draws_come_back_bit_for_bit(bool warmup)
    {
        CmdStanFile file = Read(Written(2, 6, warmup));

        Assert.Equal([.. CmdStanColumns.Sampler, "mu", "tau", "theta.1", "theta.2", "L.1.1", "L.2.1", "L.1.2", "L.2.2"], file.Columns);
        Assert.Equal((warmup ? 5 : 0, 6), (file.WarmupDraws.Count, file.Draws.Count));
        for (int draw = 0; draw < 6; draw++)
        {
            Assert.Equal([-7.5 - draw, 0.9, 0.1, 3, 7, draw == 2 ? 1 : 0, 8.25, .. Enumerable.Range(0, 8).Select(i => Value(2, draw, i))], file.Draws[draw]);
        }

        Assert.Equal(2.1, file.StepSize);
        Assert.Equal([[1, 2, 0.1]], file.InverseMass);
        Assert.Equal((0.25, 0.0), (file.WarmupSeconds, file.SamplingSeconds));
        Assert.Equal(
            ("eight_schools", "sample", "6", "5", "1", "18446744073709551615", "2", "0.8"),
            (file.Settings["model"], file.Settings["method"], file.Settings["num_samples"], file.Settings["num_warmup"], file.Settings["thin"], file.Settings["seed"], file.Settings["id"], file.Settings["delta"]));
    }

    [Fact]
    public void A_dense_matrix_and_numbers_that_are_not_finite_come_back()
    {
        CmdStanFile file = Read(FormatChecks.Written(stream =>
        {
            CmdStanWriter writer = CmdStanWriter.Begin(stream, new CmdStanSettings("m", 1, 1, 0, 1, Metric: "dense_e"), ["a", "b", "c"]);
            writer.Adaptation(1, [2, 0.5, 0.5, 3], 2);
            writer.Append(new CmdStanDraw(double.NaN, 1, 1, 0, 1, false, 0), [double.PositiveInfinity, double.NegativeInfinity, 1e-310]);
        }));
        Assert.Equal([[2, 0.5], [0.5, 3]], file.InverseMass);
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-310], new[] { file.Draws[0][0] }.Concat(file.Draws[0][7..]));
        Assert.Null(file.WarmupSeconds);
    }

    [Fact]
    public void Names_become_those_of_columns() => Assert.Equal(
        ["theta.1.2", "age__years", "age__years_2", "v1st", "x.3", "a_b", "lp"],
        CmdStanColumns.Of(["theta[1, 2]", "age (years)", "age, years)", "1st", "x[3]", "a.b", "lp__"]));

    [Fact]
    public void Malformed_text_is_refused()
    {
        static void ReadStream(Stream stream) => CmdStanCsv.Read(stream, "chain.csv");
        FormatChecks.Refused([], ReadStream, "line 1", "names");
        FormatChecks.Refused("# a = 1\nx,x\n"u8.ToArray(), ReadStream, "line 2", "different");
        FormatChecks.Refused("x,y\n1,2\n1\n"u8.ToArray(), ReadStream, "line 3", "2 numbers", "1");
        FormatChecks.Refused("x,y\n1,two\n"u8.ToArray(), ReadStream, "line 2", "two");
        FormatChecks.Refused("x\n# seconds (Warm-up)\n"u8.ToArray(), ReadStream, "line 2", "time");
        FormatChecks.NoChangedByteBreaks(Written(1, 2), ReadStream);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        static void Begin(CmdStanSettings settings) => CmdStanWriter.Begin(Stream.Null, settings, ["a"]);
        CmdStanSettings sound = new("m", 1, 10, 10, 1);
        Begin(sound);
        Assert.Throws<ArgumentOutOfRangeException>(() => Begin(sound with { Chain = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Begin(sound with { Thin = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Begin(sound with { Metric = "diagonal" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Begin(sound with { TargetAcceptance = 1 }));
        Assert.Throws<ArgumentException>(() => CmdStanWriter.Begin(Stream.Null, sound, ["a"]).Append(default, [1, 2]));
    }

    [FactIfRstan]
    public void Rstan_and_posterior_read_the_draws()
    {
        const string Script = """
            options(warn = 2)
            suppressPackageStartupMessages({ invisible(loadNamespace('rstan')); invisible(loadNamespace('posterior')) })
            for (folder in commandArgs(trailingOnly = TRUE)) {
              files <- file.path(folder, c('schools_1.csv', 'schools_2.csv'))
              fit <- rstan::read_stan_csv(files)
              draws <- posterior::as_draws_array(as.array(fit))
              cat(dim(draws), '\n')
              cat(posterior::variables(draws), '\n')
              cat(format(draws[3, 2, 'L[2,1]'], digits = 17), format(draws[6, 1, 'mu'], digits = 17), '\n')
              cat(sum(rstan::get_sampler_params(fit, inc_warmup = FALSE)[[1]][, 'divergent__']), '\n')
              cat(fit@par_dims$L, fit@sim$warmup, fit@sim$iter, rstan::get_elapsed_time(fit)[1, 'warmup'], '\n')
              # posterior alone, from a table in which the comments are skipped
              plain <- posterior::as_draws_df(read.csv(files[1], comment.char = '#'))
              cat(posterior::ndraws(plain), length(posterior::variables(plain)), '\n')
            }
            """;
        using TemporaryFolder folder = new();
        (bool Warmup, string Algorithm)[] cases = [(false, "hmc"), (true, "hmc"), (false, "mala")];
        string[] folders = [.. cases.Select((_, i) => Path.Combine(folder.Path, $"{i}"))];
        for (int i = 0; i < cases.Length; i++)
        {
            Directory.CreateDirectory(folders[i]);
            for (int chain = 1; chain <= 2; chain++)
            {
                File.WriteAllBytes(Path.Combine(folders[i], $"schools_{chain}.csv"), Written(chain, 6, cases[i].Warmup, cases[i].Algorithm));
            }
        }

        string script = Path.Combine(folder.Path, "read.R");
        File.WriteAllText(script, Script);
        string[] lines = ForeignProgram.Run("Rscript", ["--vanilla", script, .. folders]).Split('\n', StringSplitOptions.TrimEntries);
        for (int i = 0; i < cases.Length; i++)
        {
            string[] one = lines[(6 * i)..];
            Assert.Equal("6 2 9", one[0]);
            Assert.Equal("mu tau theta[1] theta[2] L[1,1] L[2,1] L[1,2] L[2,2] lp__", one[1]);
            Assert.Equal([Value(2, 2, 5), Value(1, 5, 0)], one[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture)));
            Assert.Equal("1", one[3]);
            Assert.Equal("2 2 5 11 0.25", one[4]);
            Assert.Equal(cases[i].Warmup ? "11 15" : "6 15", one[5]);
        }
    }
}
