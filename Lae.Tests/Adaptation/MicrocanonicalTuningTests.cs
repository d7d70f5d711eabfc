using Lae.Adaptation;
using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Adaptation;

/// <summary>The tuning of MCLMC is a function of its arguments and reaches what it aims at.</summary>
public sealed class MicrocanonicalTuningTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly double[] Variances = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(1000, (i / 19.0) - 0.5))];

    [Theory]
    [InlineData(IsokineticIntegrator.Leapfrog, true)]
    [InlineData(IsokineticIntegrator.MinimalNorm, true)]
    [InlineData(IsokineticIntegrator.MinimalNorm, false)]
    public void The_energy_variance_is_the_one_aimed_at(IsokineticIntegrator integrator, bool precondition)
    {
        const double Temperature = 1.6;
        MicrocanonicalTuningSettings aims = new(1000, 2e-3, precondition, Temperature, integrator);
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(Gaussian(), Start(10), Key, aims);
        RunResult<MicrocanonicalState> run = Run(tuned, 400);
        double variance = run.Draws.Average(draw => draw.Info.Extras!["energyChange"].Square().Mean().ToDouble()) / 20;
        Assert.InRange(variance / aims.EnergyVariance, 0.5, 2);
        Assert.Equal(Temperature, tuned.Settings.Temperature);
        Assert.Equal(integrator, tuned.Settings.Integrator);
        Assert.Equal(!precondition, tuned.Settings.Preconditioner.IsIdentity);
        Assert.Equal(1 + (1000 * (integrator == IsokineticIntegrator.Leapfrog ? 1 : 2)), tuned.GradientCount);
    }

    [Fact]
    public void The_preconditioner_has_the_variances_and_the_length_is_about_the_root_of_the_dimension()
    {
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(Gaussian(), Start(10), Key);
        double[] found = tuned.Settings.Preconditioner.Apply(Tensor.Ones(new Shape(1, 20), DType.Float64)).ToArray();
        Assert.All(found.Zip(Variances), pair => Assert.InRange(pair.First / pair.Second, 0.5, 2));
        Assert.InRange(tuned.Settings.DecoherenceLength / Math.Sqrt(20), 0.3, 3);
        Assert.Equal(new Shape(10, 20), tuned.Position.Shape);
    }

    [Fact]
    public void The_same_arguments_give_the_same_bits_and_another_key_others()
    {
        MicrocanonicalTuningSettings short_ = new(200);
        MicrocanonicalTuned once = MicrocanonicalTuning.Tune(Gaussian(), Start(2), Key, short_);
        MicrocanonicalTuned again = MicrocanonicalTuning.Tune(Gaussian(), Start(2), Key, short_);
        MicrocanonicalTuned other = MicrocanonicalTuning.Tune(Gaussian(), Start(2), Key.FoldIn(1), short_);
        Assert.Equal(once.Position.ToArray(), again.Position.ToArray());
        Assert.Equal((once.Settings.StepSize, once.Settings.DecoherenceLength), (again.Settings.StepSize, again.Settings.DecoherenceLength));
        Assert.NotEqual(once.Settings.StepSize, other.Settings.StepSize);
    }

    [Fact]
    public void One_chain_far_from_the_mode_is_enough()
    {
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(Gaussian(), Start(1) + 30, Key, new MicrocanonicalTuningSettings(2000));
        double energy = (Run(tuned, 1).Final.State.Position.Square() / Tensor.FromArray(Variances)).Sum().ToDouble();
        Assert.InRange(energy, 2, 60);
    }

    [Fact]
    public void The_autocorrelation_time_of_an_autoregression_is_its_formula()
    {
        // τ = (1 + φ)/(1 − φ); 4 chains of 20,000 tell it to a few per cent
        double[] noise = GaussianProblem.Noise(5, 20_000, 8).ToArray();
        double[] values = new double[noise.Length];
        for (int t = 1; t < 20_000; t++)
        {
            for (int column = 0; column < 8; column++)
            {
                values[(t * 8) + column] = ((column % 2 == 0 ? 0.5 : 0.9) * values[((t - 1) * 8) + column]) + noise[(t * 8) + column];
            }
        }

        Tensor positions = Tensor.FromArray(values, 20_000, 4, 2);
        double[] times = [.. Enumerable.Range(0, 2).Select(i => 80_000 / EffectiveSampleSize.Of(ChainDraws.OfPositions(positions, i)))];
        Assert.InRange(times[0], 3 * 0.9, 3 * 1.1);
        Assert.InRange(times[1], 19 * 0.85, 19 * 1.15);
    }

    [Fact]
    public void A_step_size_follows_the_sixth_root_of_the_energy_variance()
    {
        EnergyVarianceStepSize adapted = new(0.5);
        for (int i = 0; i < 2000; i++)
        {
            // a system whose energy error is exactly 3 ε³
            adapted = adapted.After(Tensor.FromArray([3 * Math.Pow(adapted.StepSize, 3)]), 1e-3, 10);
        }

        Assert.Equal(Math.Pow(1e-3 * 10 / 9, 1.0 / 6), adapted.StepSize, 1e-4);
        Assert.Equal(0.8 * adapted.StepSize, adapted.After(Tensor.FromArray([double.NaN]), 1e-3, 10).StepSize, 1e-15);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalTuningSettings(19));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalTuningSettings(energyVariance: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicrocanonicalTuningSettings(temperature: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MicrocanonicalTuning.Tune(GaussianTarget.Standard(1), Tensor.Zeros(new Shape(2, 1), DType.Float64), Key));
    }

    private static Target Gaussian() => GaussianTarget.Diagonal(Tensor.Zeros(new Shape(20), DType.Float64), Tensor.FromArray(Variances).Reciprocal());

    private static Tensor Start(int chains) => GaussianProblem.Noise(6, chains, 20);

    private static RunResult<MicrocanonicalState> Run(MicrocanonicalTuned tuned, int transitions)
    {
        Kernel<MicrocanonicalState> kernel = MicrocanonicalLangevin.Create(Gaussian(), tuned.Settings);
        return ChainRunner.Run(kernel, RunState.Start(kernel, tuned.Position, Key.FoldIn(7)), new RunOptions(transitions));
    }
}
