using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>
/// With a linear decoder that stands still the chains of alternating back-propagation have the exact posterior for their stationary law, whatever T is. The residuals Lᵀ(z − m) of all datapoints are then
/// independent standard normals, and their empirical distribution is within the Dvoretzky–Kiefer–Wolfowitz band, whose false alarm is 10⁻⁷.
/// </summary>
public sealed class PersistentChainLawTests
{
    private const int Rows = 4_000;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_128);
    private static readonly PpcaProblem Problem = new(seed: 3, Rows);
    private static readonly double Band = Math.Sqrt(Math.Log(2 / 1e-7) / (2.0 * Rows * PpcaProblem.Latents));

    [Fact]
    public void Chains_that_start_with_the_posterior_keep_it() => Assert.InRange(Distance(exactStart: true, metropolis: true, stepSize: 0.3, steps: 5), 0, Band);

    [Fact]
    public void Chains_that_start_with_the_prior_reach_the_posterior_though_each_visit_has_two_transitions() =>
        Assert.InRange(Distance(exactStart: false, metropolis: true, stepSize: 0.05, steps: 400), 0, Band);

    [Fact]
    public void Chains_that_were_begun_anew_at_each_visit_would_be_rejected() => Assert.True(Distance(exactStart: false, metropolis: true, stepSize: 0.05, steps: 1) > 2 * Band);

    [Fact]
    public void Chains_without_their_accept_test_are_rejected() => Assert.True(Distance(exactStart: true, metropolis: false, stepSize: 0.3, steps: 5) > 2 * Band);

    /// <summary>The greatest distance between the distribution function of the residuals and the normal one.</summary>
    private static double Distance(bool exactStart, bool metropolis, double stepSize, int steps)
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = Problem.Data.CopyTo(workspace);
        int mark = workspace.Mark();

        // a step of 10⁻³⁰⁰ leaves the decoder as it is, to the bit
        AlternatingBackPropagation model = new(
            new LatentChainParts(
                PpcaProblem.Latents,
                new LinearArchitecture(),
                new GaussianLikelihood(),
                metropolis,
                2,
                new StepSizeAdaptation(stepSize, gain: 0),
                new GradientDescent(1e-300),
                new GradientDescent(1e-300),
                DType.Float64),
            1,
            new DataDescription(PpcaProblem.Columns, null, Rows));
        TrainingState state = model.Initialize(Key);
        TensorTree parameters = state.Parameters.With("decoder.0.weight", 2 * state.Parameters["decoder.0.weight"]);
        LinearGaussian exact = LinearDecoder.Of(model, parameters);
        Tensor start = exactStart ? exact.SamplePosterior(Key.FoldIn(1UL << 40), Problem.Data, 1) : state.Datapoints["latents"];
        state = (state with { Parameters = parameters, Datapoints = TensorTree.Of(("latents", start)) }).Map(leaf => leaf.CopyTo(workspace));
        for (int step = 0; step < steps; step++)
        {
            state = model.Train(Key.FoldIn((ulong)step), x, state).State;
            workspace.Collect(mark, [.. state.Leaves]);
        }

        Assert.Equal(parameters["decoder.0.weight"].ToArray(), state.Parameters["decoder.0.weight"].ToArray());
        double[] residuals = (state.Datapoints["latents"].Detach() - exact.PosteriorMean(Problem.Data)).MatMul(exact.Factor).ToArray();
        Array.Sort(residuals);
        int n = residuals.Length;
        return Enumerable.Range(0, n).Max(i => MathNet.Numerics.Distributions.Normal.CDF(0, 1, residuals[i]) is var p ? Math.Max(Math.Abs(p - ((double)i / n)), Math.Abs(p - ((i + 1.0) / n))) : 0);
    }
}
