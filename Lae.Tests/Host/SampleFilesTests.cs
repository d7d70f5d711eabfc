using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Tests.Formats;

namespace Lae.Tests.Host;

/// <summary>What a run folder of <c>lae sample</c> holds is read by the programs for which it is written. Skipped where those are not installed.</summary>
public class SampleFilesTests
{
    private const string Configuration = """
        { "Target": { "Type": "Gaussian", "Mean": [ 1, -2, 3 ], "Covariance": [ 1, 4, 0.25 ] }, "Warmup": { "Transitions": 100 }, "Transitions": 120, "Thinning": 2 }
        """;

    [FactIfXarray]
    public void XarrayOpensTheStore()
    {
        const string Script = """
            import sys, xarray
            p = xarray.open_zarr(sys.argv[1], group='posterior')
            s = xarray.open_zarr(sys.argv[1], group='sample_stats')
            assert p.x.dims == ('chain', 'draw', 'x_dim_0') and p.x.shape == (4, 60, 3), p.x
            assert s.diverging.dtype == bool and s.lp.dims == ('chain', 'draw')
            assert {'lp', 'acceptance_rate', 'diverging', 'n_steps', 'step_size'} <= set(s.data_vars), s
            for g in (p, s):
                assert g.attrs['inference_library'] == 'lae' and g.attrs['created_at'] and g.attrs['sampling_time'] > 0 and g.attrs['tuning_steps'] == 100, g.attrs
            print(*[repr(float(m)) for m in p.x.mean(('chain', 'draw')).values])
            """;
        using HostRun host = Sampled(out double[] means);
        string[] read = ForeignProgram.Run(FactIfXarrayAttribute.Python, "-c", Script, host.Path("out/draws.zarr")).Split(' ', StringSplitOptions.TrimEntries);
        Assert.All(read.Zip(means), pair => Assert.Equal(pair.Second, double.Parse(pair.First, CultureInfo.InvariantCulture), 12));
    }

    [FactIfRstan]
    public void RstanReadsTheCsv()
    {
        const string Script = """
            suppressMessages({ library(rstan); library(posterior) })
            files <- list.files(commandArgs(TRUE)[1], full.names = TRUE)
            fit <- read_stan_csv(files)
            draws <- as_draws_array(as.array(fit))
            cat(dim(draws)[1:2], "\n")
            cat(sprintf("%.17g", summarise_draws(subset_draws(draws, variable = "x"), "mean")$mean), "\n")
            cat(length(get_sampler_params(fit, inc_warmup = FALSE)), "\n")
            s <- summarise_draws(subset_draws(draws, variable = "x"), mean, sd, mcse_mean, ~quantile(.x, c(0.05, 0.5, 0.95)), rhat, ess_bulk, ess_tail)
            for (i in seq_len(nrow(s))) cat(s$variable[i], sprintf("%.17g", unlist(s[i, -1])), "\n")
            """;
        using HostRun host = Sampled(out double[] means);
        host.Write("read.R", Script);
        string[] lines = ForeignProgram.Run("Rscript", "--vanilla", host.Path("read.R"), host.Path("out/csv")).Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal("60 4", lines[0]);
        Assert.All(lines[1].Split(' ').Zip(means), pair => Assert.Equal(pair.Second, double.Parse(pair.First, CultureInfo.InvariantCulture), 12));
        Assert.Equal("4", lines[2]);

        // the draws are the same numbers, so the figures of posterior are those of the summary
        string[] keys = ["mean", "sd", "mcseMean", "q5", "median", "q95", "rHat", "essBulk", "essTail"];
        JsonArray parameters = JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["parameters"]!.AsArray();
        Assert.Equal(3, parameters.Count);
        Assert.All(parameters.Zip(lines[3..]), pair =>
        {
            string[] figures = pair.Second.Split(' ');
            Assert.Equal(pair.First!["name"]!.GetValue<string>(), figures[0]);
            Assert.All(keys.Zip(figures[1..]), figure =>
            {
                double expected = double.Parse(figure.Second, CultureInfo.InvariantCulture);
                Assert.True(Math.Abs(pair.First[figure.First]!.GetValue<double>() / expected - 1) <= 1e-8, $"{figures[0]}: {figure.First} is {pair.First[figure.First]}, of posterior {expected:R}");
            });
        });
    }

    private static HostRun Sampled(out double[] means)
    {
        HostRun host = new();
        host.Write("sampling.json", Configuration);
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "out"));
        means = [.. JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["parameters"]!.AsArray().Select(one => one!["mean"]!.GetValue<double>())];
        return host;
    }
}
