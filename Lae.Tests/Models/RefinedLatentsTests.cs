using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Models;

/// <summary>Refinement of latent points, on posteriors that are Gaussian: log p = −½ ‖(z − m) / s‖², whose mean under the posterior is −d/2.</summary>
public class RefinedLatentsTests
{
    private const int Points = 2000;
    private const int Dimension = 3;
    private const double Deviation = 0.4;

    [Fact]
    public void Log_joint_ends_at_its_mean_under_the_posterior()
    {
        RefinedLatents refined = RefinedLatents.Of(RandomKey.FromSeed(3), Density(), Start(), 150);

        // The log density of a point is −χ²_d / 2: the mean over n points has the deviation √(d / 2n); six of them.
        double tolerance = 6 * Math.Sqrt(Dimension / (2.0 * Points));
        Assert.Equal(-Dimension / 2.0, refined.MeanLogJoint[^1], tolerance);
        Assert.Equal(refined.MeanLogJoint[^1], refined.LogJoint.Mean().ToDouble(), 1e-12);
        Assert.Equal(Density().LogDensity(refined.Latents).ToArray(), refined.LogJoint.ToArray());
        Assert.True(refined.MeanLogJoint[^1] > refined.MeanLogJoint[0] + 10);
        Assert.InRange(refined.Acceptance, 0.4, 0.8);
    }

    [Fact]
    public void Without_transitions_the_encodings_stay()
    {
        RefinedLatents refined = RefinedLatents.Of(RandomKey.FromSeed(3), Density(), Start(), 0);
        Assert.Equal(Start().ToArray(), refined.Latents.ToArray());
        Assert.Equal(Density().LogDensity(Start()).ToArray(), refined.LogJoint.ToArray());
        Assert.Single(refined.MeanLogJoint);
        Assert.True(double.IsNaN(refined.Acceptance));
    }

    [Fact]
    public void A_longer_refinement_begins_as_a_shorter_one_and_its_first_transition_starts_at_the_encoding()
    {
        RefinedLatents few = RefinedLatents.Of(RandomKey.FromSeed(4), Density(), Start(), 3);
        RefinedLatents many = RefinedLatents.Of(RandomKey.FromSeed(4), Density(), Start(), 8);
        Assert.Equal(few.MeanLogJoint, many.MeanLogJoint.Take(4));
        Assert.Equal(Density().LogDensity(Start()).Mean().ToDouble(), few.MeanLogJoint[0], 1e-12);

        // A pilot that was not thrown away would have the chain at the mode after one transition.
        Assert.InRange(few.MeanLogJoint[1], few.MeanLogJoint[0], -Dimension);
    }

    [Fact]
    public void Negative_transitions_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RefinedLatents.Of(RandomKey.FromSeed(3), Density(), Start(), -1));

    private static Tensor Start() => Tensor.Zeros(new Shape(Points, Dimension), DType.Float64);

    /// <summary>m is 2 in every coordinate: the log density of the start is −37.5.</summary>
    private static LatentDensity Density() => new(Points, Dimension, DType.Float64, z =>
    {
        Tensor distance = (z - Tensor.Scalar(2, DType.Float64)) * (1 / Deviation);
        return new LogDensityAndGradient(distance.Square().Sum(1) * -0.5, distance * (-1 / Deviation));
    });
}
