using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Runs;

/// <summary>Latent points of any number of observations: encodings, refined in parts of a fixed size, so that memory does not grow with their number.</summary>
/// <param name="Latents">[n, latentSize].</param>
/// <param name="LogJoint">log p(z) + log p(x | z), [n].</param>
/// <param name="MeanLogJoint">Its mean before the first transition and after each.</param>
/// <param name="Acceptance">The mean acceptance probability; NaN where there was no transition.</param>
internal sealed record Inference(Tensor Latents, double[] LogJoint, double[] MeanLogJoint, double Acceptance)
{
    private const int AtOnce = 1024;

    /// <summary>Encodes and refines.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="transitions">Transitions after the encoding, 0 or more.</param>
    /// <exception cref="NonFiniteStateException">An encoding, or the log density at one, is NaN or infinite.</exception>
    public static Inference Of(RandomKey key, TrainedModel model, Tensor x, int transitions)
    {
        int rows = x.Shape[0];
        List<Tensor> latents = [];
        List<double> logJoint = [];
        double[] means = new double[transitions + 1];
        double acceptance = 0;
        for (int start = 0; start < rows; start += AtOnce)
        {
            Tensor part = x.Slice(0, start, Math.Min(AtOnce, rows - start));
            Tensor encoded = model.Encode(part);
            if (!encoded.AllFinite())
            {
                throw new NonFiniteStateException("an encoding", 0);
            }

            RefinedLatents refined = RefinedLatents.Of(key.FoldIn((ulong)start), model.Model.Density(model.Parameters, part), encoded, transitions);
            double share = (double)part.Shape[0] / rows;
            for (int step = 0; step <= transitions; step++)
            {
                means[step] += share * refined.MeanLogJoint[step];
            }

            acceptance += share * refined.Acceptance;
            logJoint.AddRange(refined.LogJoint.ToArray());
            latents.Add(refined.Latents.CopyTo(x.Workspace));
        }

        return new Inference(Shaping.Join(0, latents), [.. logJoint], means, acceptance);
    }
}
